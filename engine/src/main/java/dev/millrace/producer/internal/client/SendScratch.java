package dev.millrace.producer.internal.client;

import dev.millrace.producer.Headers;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What one send needs while it runs and nobody needs afterwards: buffers to serialize into, the record's parts.
 *
 * <p>Kept in a {@link Pool} with a few slots chosen by thread rather than in a {@code ThreadLocal}, which would grow with
 * the number of virtual threads.
 */
final class SendScratch {

    private final PayloadBuffer key = new PayloadBuffer();
    private final PayloadBuffer value = new PayloadBuffer();
    private final SerializationContext context = SerializationContext.forKey("", Headers.empty());
    private final SerializedRecord record = new SerializedRecord();
    private final Patience patience = new Patience();

    /** The parts of the record that was serialized last; borrowed until the scratch is given back. */
    SerializedRecord record() {
        return record;
    }

    /** How long this send may wait. */
    Patience patience() {
        return patience;
    }

    /** Serializes the key; null stays null. */
    <K extends @Nullable Object> void serializeKey(
            String topic, Headers headers, @Nullable K object, Serializer<K> serializer) {
        context.startKey(topic, headers);
        if (object == null) {
            key.wrap(null);
        } else {
            serializer.serializeTo(context, object, key);
        }
        record.setKey(key.array(), key.offset(), key.length());
    }

    /** Serializes the value, after the key; null stays null. Takes over the headers both serializers have added. */
    <V extends @Nullable Object> void serializeValue(@Nullable V object, Serializer<V> serializer) {
        context.startValue();
        if (object == null) {
            value.wrap(null);
        } else {
            serializer.serializeTo(context, object, value);
        }
        record.setValue(value.array(), value.offset(), value.length());
        record.setHeaders(context.headers());
    }

    private void reset() {
        record.clear();
        key.reset();
        value.reset();
    }

    /** A few scratches, taken and given back without locks. Any thread. */
    static final class Pool {

        private static final int SLOTS = 16;

        private final AtomicReferenceArray<@Nullable SendScratch> slots = new AtomicReferenceArray<>(SLOTS);

        SendScratch take() {
            SendScratch scratch = slots.getAndSet(slot(), null);
            return scratch == null ? new SendScratch() : scratch;
        }

        void give(SendScratch scratch) {
            scratch.reset();
            slots.set(slot(), scratch);
        }

        @SuppressWarnings("deprecation") // threadId() came with JDK 19
        private static int slot() {
            return (int) Thread.currentThread().getId() & (SLOTS - 1);
        }
    }
}
