package dev.millrace.spring.observation;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.observation.ProducerObservation.SendHighCardinalityKey;
import dev.millrace.spring.observation.ProducerObservation.SendLowCardinalityKey;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Objects;

/** As OpenTelemetry's conventions for messaging have it. */
public class DefaultProducerObservationConvention implements ProducerObservationConvention {

    private static final KeyValues SAME_FOR_ALL = KeyValues.of(
            SendLowCardinalityKey.SYSTEM.withValue("kafka"),
            SendLowCardinalityKey.OPERATION_NAME.withValue("send"),
            SendLowCardinalityKey.OPERATION_TYPE.withValue("send"));

    private static final KeyValue TOMBSTONE = SendHighCardinalityKey.TOMBSTONE.withValue("true");

    private final boolean isKeyIncluded;

    /** Without the keys of records, which may be nobody else's business. */
    public DefaultProducerObservationConvention() {
        this(false);
    }

    /** With or without the keys of records, as their {@code toString} has them. */
    public DefaultProducerObservationConvention(boolean includeKey) {
        this.isKeyIncluded = includeKey;
    }

    @Override
    public String getName() {
        return Objects.requireNonNull(ProducerObservation.SEND.getName());
    }

    @Override
    public String getContextualName(ProducerSendContext context) {
        return "send " + context.getRecord().topic();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProducerSendContext context) {
        return SAME_FOR_ALL.and(
                SendLowCardinalityKey.DESTINATION_NAME.withValue(
                        context.getRecord().topic()),
                SendLowCardinalityKey.PRODUCER_NAME.withValue(context.getProducerName()));
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProducerSendContext context) {
        KeyValues known = KeyValues.empty();
        if (context.getClientId() != null) {
            known = known.and(SendHighCardinalityKey.CLIENT_ID.withValue(context.getClientId()));
        }
        if (context.getRecord().value() == null) {
            known = known.and(TOMBSTONE);
        }
        if (isKeyIncluded && context.getRecord().key() != null) {
            known = known.and(SendHighCardinalityKey.MESSAGE_KEY.withValue(
                    String.valueOf(context.getRecord().key())));
        }
        RecordMetadata metadata = context.getMetadata();
        return metadata == null ? known : placeOf(metadata, known);
    }

    private static KeyValues placeOf(RecordMetadata metadata, KeyValues known) {
        KeyValues all = known.and(SendHighCardinalityKey.PARTITION.withValue(Integer.toString(metadata.partition())));
        if (metadata.hasOffset()) {
            all = all.and(SendHighCardinalityKey.OFFSET.withValue(Long.toString(metadata.offset())));
        }
        if (metadata.serializedValueSize() >= 0) {
            all = all.and(SendHighCardinalityKey.BODY_SIZE.withValue(Integer.toString(metadata.serializedValueSize())));
        }
        return all;
    }
}
