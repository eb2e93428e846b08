package dev.millrace.producer.internal.client;

import dev.millrace.producer.Headers;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * What one send needs while it runs and nobody needs afterwards: buffers to serialize into, the record's parts.
 *
 * <p>Kept in a {@link Pool} with a few slots chosen by thread rather than in a {@code ThreadLocal}, which would grow with
 * the number of virtual threads.
 */
final class SendScratch {

    private static final int NO_SLOT = -1;

    private final int slot; // in the pool, or NO_SLOT
    private final PayloadBuffer key = new PayloadBuffer();
    private final PayloadBuffer value = new PayloadBuffer();
    private final SerializationContext context = SerializationContext.forKey("", Headers.empty());
    private final SerializedRecord record = new SerializedRecord();
    private final Patience patience = new Patience();

    private SendScratch(int slot) {
        this.slot = slot;
    }

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

    /**
     * A few scratches, taken and given back without locks. Any thread.
     *
     * <p>A flag says who has a slot, and the slot keeps its scratch. Moving the reference in and out instead would cost a
     * store into an old object for each send, which makes collectors look at it again.
     */
    static final class Pool {

        private static final int SLOTS = 16;
        private static final int FREE = 0;
        private static final int TAKEN = 1;

        private final AtomicIntegerArray flags = new AtomicIntegerArray(SLOTS);
        private final @Nullable SendScratch[] scratches = new SendScratch[SLOTS]; // each guarded by its flag

        SendScratch take() {
            int slot = slot();
            if (!flags.compareAndSet(slot, FREE, TAKEN)) {
                return new SendScratch(NO_SLOT);
            }
            SendScratch scratch = scratches[slot];
            if (scratch == null) {
                scratch = new SendScratch(slot);
                scratches[slot] = scratch;
            }
            return scratch;
        }

        void give(SendScratch scratch) {
            scratch.reset();
            if (scratch.slot != NO_SLOT) {
                flags.setRelease(scratch.slot, FREE); // whoever takes the slot next acquires what was written before
            }
        }

        @SuppressWarnings("deprecation") // threadId() came with JDK 19
        private static int slot() {
            return (int) Thread.currentThread().getId() & (SLOTS - 1);
        }
    }
}
