package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import org.jspecify.annotations.Nullable;

/**
 * A record was not delivered. The only failure the future of a send completes with. Its cause is the engine's
 * {@link ProducerException}, which tells stage, last broker error and remedy; or a {@link ProducerOperationException} if the
 * record's transaction had no producer, or could only be aborted already; a {@link ProducerStoppedException} if it came too late.
 */
public class SendFailedException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final @Nullable Integer partition;
    private final boolean retriable;
    private final boolean mayHaveBeenWritten;
    private final transient @Nullable ProducerRecord<?, ?> record;

    /**
     * With the engine's reason.
     *
     * @param producerName the factory's name, as in its log lines
     * @param record the record as it was sent; never part of the message
     * @param partition the partition it was meant for, or {@link RecordMetadata#UNKNOWN_PARTITION}
     */
    public SendFailedException(
            String producerName, ProducerRecord<?, ?> record, int partition, ProducerException cause) {
        super(
                "Record for topic '" + record.topic() + "' was not delivered by producer '" + producerName + "': "
                        + cause.getMessage(),
                cause);
        this.topic = record.topic();
        this.partition = partition == RecordMetadata.UNKNOWN_PARTITION ? null : (Integer) partition;
        this.retriable = cause.recovery() == Recovery.RETRY;
        this.mayHaveBeenWritten = cause.mayHaveBeenWritten();
        this.record = record;
    }

    /** For a record that got no producer, or no transaction it could be part of. */
    SendFailedException(String producerName, ProducerRecord<?, ?> record, ProducerOperationException cause) {
        super(
                "Record for topic '" + record.topic() + "' was not delivered by producer '" + producerName + "': "
                        + cause.getMessage(),
                cause);
        this.topic = record.topic();
        this.partition = record.partition();
        this.retriable = cause instanceof ProducerPoolExhaustedException;
        this.mayHaveBeenWritten = false;
        this.record = record;
    }

    /** The topic. */
    public String getTopic() {
        return topic;
    }

    /** The partition the record was meant for, or null if it failed before one was chosen. */
    public @Nullable Integer getPartition() {
        return partition;
    }

    /** Whether sending the same record again may succeed. */
    public boolean isRetriable() {
        return retriable;
    }

    /** Whether the record may be in the log although its future failed; sending it again may then duplicate it. */
    public boolean mayHaveBeenWritten() {
        return mayHaveBeenWritten;
    }

    /** The record as it was sent, ready to be sent again; null only in a deserialized exception. */
    public @Nullable ProducerRecord<?, ?> getRecord() {
        return record;
    }
}
