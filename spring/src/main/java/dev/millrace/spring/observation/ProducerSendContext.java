package dev.millrace.spring.observation;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/** What is known of a send: of the record from its start, of its place from its end. */
public final class ProducerSendContext extends SenderContext<TraceHeaders> {

    private final String producerName;
    private final ProducerRecord<?, ?> record;
    private final @Nullable String clientId;
    private volatile @Nullable RecordMetadata metadata; // null until it is delivered

    ProducerSendContext(
            String producerName, ProducerRecord<?, ?> record, @Nullable String clientId, @Nullable String clusterId) {
        super(
                (carrier, key, value) -> {
                    if (carrier != null) {
                        carrier.set(key, value);
                    }
                },
                Kind.PRODUCER);
        this.producerName = producerName;
        this.record = record;
        this.clientId = clientId;
        setCarrier(new TraceHeaders());
        setRemoteServiceName(clusterId == null ? "kafka" : "kafka: " + clusterId);
    }

    /** Name of the factory, in a context that of its bean. */
    public String getProducerName() {
        return producerName;
    }

    /** As the caller gave it. */
    public ProducerRecord<?, ?> getRecord() {
        return record;
    }

    /** What brokers see in logs and quotas; null if the factory does not tell. */
    public @Nullable String getClientId() {
        return clientId;
    }

    /** Where the record is; null before it is delivered, and if it is not. */
    public @Nullable RecordMetadata getMetadata() {
        return metadata;
    }

    void setMetadata(RecordMetadata delivered) {
        this.metadata = delivered;
    }
}
