package dev.millrace.producer.serialization;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Turns keys or values into bytes that may not be there at once, as a format does that first asks a registry for the number
 * of a schema. {@code send} does not wait for them: the record is accepted, and the records sent to the same partition
 * after it stay behind it, so that nothing changes in their order. Other partitions go on.
 *
 * <p>While a record waits it counts against {@code buffer-memory}, its time for {@code delivery-timeout} runs, flush, commit
 * and close wait for it, and in a transaction its failure leaves nothing but an abort. Bytes that are there when
 * {@link #serializeAsync} returns cost no more than those of any other serializer, so keep what was asked for once.
 *
 * @param <T> what is serialized
 */
@FunctionalInterface
public interface AsyncSerializer<T extends @Nullable Object> extends Serializer<T> {

    /** How long a record waits for its bytes, unless {@link #timeout} says otherwise. */
    Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * Begins to serialize; must not wait. Runs on the thread that calls {@code send}, never with null.
     *
     * @param context valid until the stage completes, and for this key or value only
     * @return completed with the bytes, null for a null key or value; on any thread, but the engine's own. What it fails with
     *     fails the record. The array must not change afterwards
     */
    CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, T data);

    /** How long a record may wait for these bytes; at most until its {@code delivery-timeout}. Asked for each record. */
    default Duration timeout() {
        return DEFAULT_TIMEOUT;
    }

    /**
     * Not called by the engine.
     *
     * @throws UnsupportedOperationException unless the serializer can do both
     */
    @Override
    @SuppressWarnings("FunctionalInterfaceMethodChanged") // whoever takes it for one that waits is told
    default byte @Nullable [] serialize(String topic, T data) {
        throw new UnsupportedOperationException(
                "this serializer does not wait: " + getClass().getName() + "; call serializeAsync");
    }
}
