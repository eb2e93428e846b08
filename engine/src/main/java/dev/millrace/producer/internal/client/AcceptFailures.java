package dev.millrace.producer.internal.client;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.metadata.TopicProblem;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Words for what keeps a record from getting into a batch. Pure. */
final class AcceptFailures {

    private static final String CREATE_TOPIC =
            "create the topic, or allow auto.create.topics.enable on the brokers, or correct its name";

    private final ClientSettings settings;

    AcceptFailures(ClientSettings settings) {
        this.settings = settings;
    }

    ProducerException serialization(String topic, String part, @Nullable Object object, Throwable cause) {
        String type = object == null ? "null" : object.getClass().getName();
        return new SerializationException(
                "record cannot be serialized: " + who(topic) + " " + part + " of type " + type + " cause=" + cause
                        + "; give the producer a serializer for this type",
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD),
                cause);
    }

    ProducerException tooLarge(String topic, long bytes) {
        return new RecordRejectedException(
                "record too large: " + who(topic) + " size=" + bytes + " B limit=" + settings.maxRequestBytes()
                        + " B; make it smaller or raise " + Setting.MAX_REQUEST_SIZE
                        + " and max.message.bytes of the topic",
                new FailureDetails(ErrorCode.MESSAGE_TOO_LARGE, Stage.PREPARE, Recovery.CHANGE_RECORD, false),
                null);
    }

    ProducerException largerThanBuffer(String topic, long bytes, BufferPool.Usage usage) {
        return new RecordRejectedException(
                "record larger than the buffer: " + who(topic) + " size=" + bytes + " B limit=" + usage.limitBytes()
                        + " B; raise " + Setting.BUFFER_MEMORY,
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_CONFIGURATION),
                null);
    }

    ProducerException noMemory(String topic, long bytes, BufferPool.Usage usage, long waitedNanos) {
        String waited =
                waitedNanos == 0 ? "with no wait allowed on this thread" : "after " + millis(waitedNanos) + " ms";
        return new BufferExhaustedException(
                "buffer exhausted " + waited + ": " + who(topic) + " requested=" + bytes + " B available="
                        + (usage.limitBytes() - usage.usedBytes()) + " B of " + usage.limitBytes() + " B waiting="
                        + usage.waitingThreads() + " threads; brokers are slower than this producer; limit "
                        + Setting.MAX_BLOCK + ", or raise " + Setting.BUFFER_MEMORY,
                FailureDetails.local(Stage.BUFFER, Recovery.RETRY),
                null);
    }

    ProducerException interrupted(String what, InterruptedException cause) {
        return new ProducerException(
                "interrupted while " + what + ": producer=" + settings.clientId(),
                FailureDetails.local(Stage.BUFFER, Recovery.RETRY),
                cause);
    }

    /** A record waited for its topic as long as it may. */
    ProducerException topicUnknown(
            String topic, @Nullable TopicProblem problem, @Nullable MetadataProblem cluster, long now) {
        String obstacle;
        String remedy;
        ErrorCode error = ErrorCode.NONE;
        Recovery recovery = Recovery.RETRY;
        if (cluster != null) {
            obstacle = cluster.describe(now);
            remedy = "check " + Setting.BOOTSTRAP_SERVERS + " and that the brokers run";
        } else if (problem != null) {
            obstacle = problem.describe();
            error = problem.error();
            recovery = Recovery.CHANGE_CLUSTER;
            remedy = CREATE_TOPIC;
        } else {
            obstacle = "the cluster has not answered yet";
            remedy = "check that the brokers are reachable";
        }
        return new DeliveryTimeoutException(
                "topic not available within " + millis(settings.maxBlockNanos()) + " ms: " + who(topic) + " obstacle="
                        + obstacle + "; limit " + Setting.MAX_BLOCK + "; " + remedy,
                new FailureDetails(error, Stage.METADATA, recovery, false),
                null);
    }

    /** The topic is there, the partition the user chose is not. */
    ProducerException noSuchPartition(String topic, int partition, int partitionCount) {
        return new DeliveryTimeoutException(
                "partition not available within " + millis(settings.maxBlockNanos()) + " ms: " + who(topic)
                        + " partition=" + partition + " partitions=" + partitionCount + "; limit " + Setting.MAX_BLOCK
                        + "; choose a partition from 0 to " + (partitionCount - 1) + " or add partitions to the topic",
                new FailureDetails(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, Stage.METADATA, Recovery.CHANGE_RECORD, false),
                null);
    }

    /** The cluster says that waiting for the topic is useless. */
    ProducerException topicRefused(String topic, ErrorCode error) {
        boolean permission = error == ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        String remedy = permission
                ? "grant this client WRITE and DESCRIBE on the topic"
                : "use a topic name of at most 249 letters, digits, '.', '_' and '-'";
        return new RecordRejectedException(
                "topic refused by the cluster: " + who(topic) + " error=" + error + "; " + remedy,
                new FailureDetails(
                        error, Stage.METADATA, permission ? Recovery.CHANGE_CLUSTER : Recovery.CHANGE_RECORD, false),
                null);
    }

    ProducerException closedWhileWaiting(String topic) {
        return new ProducerClosedException(
                "producer closed before the topic's partitions were known: " + who(topic)
                        + "; close with a longer timeout to deliver what is queued",
                FailureDetails.local(Stage.METADATA, Recovery.NEW_PRODUCER),
                null);
    }

    /** The event loop has ended under the producer. */
    ProducerException loopEnded(String topic) {
        return new FatalProducerException(
                "event loop of the producer ended: " + who(topic)
                        + "; nothing is sent any more, close the producer and open a new one",
                FailureDetails.local(Stage.QUEUE, Recovery.NEW_PRODUCER),
                null);
    }

    IllegalStateException closed() {
        return new IllegalStateException("producer is closed: producer=" + settings.clientId()
                + "; records can be sent from its opening to the first call of close");
    }

    private String who(String topic) {
        return "producer=" + settings.clientId() + " topic=" + topic;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
