package dev.millrace.producer.internal.client;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.internal.accumulator.LateBytes;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.client.InterceptorChain.Followed;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Key and value of one record on their way to bytes, of which at least one has a serializer that may take its time. Begun on
 * the caller's thread; what the record is made of when both are there is put together on the event loop.
 */
final class LateSerialization extends LateBytes {

    private static final long SMALLEST_EXPECTED_BYTES = 1024;

    private final ProducerRecord<?, ?> record;
    private final Part key;
    private final Part value;
    private final long limitNanos;
    private final AtomicLong usualBytes; // of records of this producer
    private final RecordCompletion completion;
    private final @Nullable Followed<?, ?> followed; // null without interceptors
    private EventLoop.@Nullable Timer expiry; // set before the arrival can be seen
    private boolean hasEnded; // event loop

    private LateSerialization(
            ProducerRecord<?, ?> record,
            Part key,
            Part value,
            AtomicLong usualBytes,
            RecordCompletion completion,
            @Nullable Followed<?, ?> followed) {
        this.record = record;
        this.key = key;
        this.value = value;
        this.limitNanos = Math.min(key.limitNanos(), value.limitNanos());
        this.usualBytes = usualBytes;
        this.completion = completion;
        this.followed = followed;
    }

    /** Calls both serializers. Whatever they throw is what the bytes fail with. */
    static <K extends @Nullable Object, V extends @Nullable Object> LateSerialization begin(
            ProducerRecord<K, V> record,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            AtomicLong usualBytes,
            RecordCompletion completion,
            @Nullable Followed<K, V> followed) {
        Part key = begin(
                "key", SerializationContext.forKey(record.topic(), record.headers()), record.key(), keySerializer);
        Part value = begin(
                "value",
                SerializationContext.forValue(record.topic(), record.headers()),
                record.value(),
                valueSerializer);
        return new LateSerialization(record, key, value, usualBytes, completion, followed);
    }

    private static <T extends @Nullable Object> Part begin(
            String name, SerializationContext context, @Nullable T object, Serializer<T> serializer) {
        CompletableFuture<byte @Nullable []> bytes = new CompletableFuture<>();
        long limitNanos = Long.MAX_VALUE;
        if (object == null) {
            bytes.complete(null);
        } else {
            try {
                if (serializer instanceof AsyncSerializer<T> async) {
                    limitNanos = async.timeout().toNanos();
                    async.serializeAsync(context, object).whenComplete((given, failure) -> {
                        if (failure == null) {
                            bytes.complete(given);
                        } else {
                            bytes.completeExceptionally(failure);
                        }
                    });
                } else {
                    PayloadBuffer out = new PayloadBuffer();
                    serializer.serializeTo(context, object, out);
                    bytes.complete(copyOf(out));
                }
            } catch (Throwable thrown) {
                RecordSerialization.throwIfNotTheRecords(thrown);
                bytes.completeExceptionally(thrown);
            }
        }
        return new Part(name, object, context, bytes, limitNanos);
    }

    private static byte @Nullable [] copyOf(PayloadBuffer out) {
        return out.length() < 0 ? null : Arrays.copyOfRange(out.array(), out.offset(), out.offset() + out.length());
    }

    /** Whether nothing has to be waited for. */
    boolean isDone() {
        return key.bytes().isDone() && value.bytes().isDone();
    }

    /** How long may be waited for the bytes. */
    long limitNanos() {
        return limitNanos;
    }

    ProducerRecord<?, ?> userRecord() {
        return record;
    }

    RecordCompletion completion() {
        return completion;
    }

    /** The first part that failed, or else has not come. */
    Part missingPart() {
        if (key.failure() != null) {
            return key;
        }
        return value.failure() != null || key.bytes().isDone() ? value : key;
    }

    /** Puts the parts into a record, once both are there and none has failed. The arrays are the serializers'. */
    void writeTo(SerializedRecord target) {
        byte[] keyBytes = key.bytes().join();
        byte[] valueBytes = value.bytes().join();
        target.setKey(orNothing(keyBytes), 0, lengthOf(keyBytes));
        target.setValue(orNothing(valueBytes), 0, lengthOf(valueBytes));
        Headers headers = record.headers();
        int own = headers.size();
        target.setHeaders(withAdded(withAdded(headers, key, own), value, own));
        usualBytes.set(Math.max(SMALLEST_EXPECTED_BYTES, (long) lengthOf(keyBytes) + lengthOf(valueBytes)));
        if (followed != null) {
            followed.sentWith(target.headers());
        }
        completion.describe(target.timestampMillis(), target.keyLength(), target.valueLength());
    }

    /** Runs when there is nothing to wait for any more, on whatever thread that is. */
    void whenDone(Runnable action) {
        CompletableFuture<Void> unused =
                CompletableFuture.allOf(key.bytes(), value.bytes()).whenComplete((bytes, failure) -> action.run());
    }

    void setExpiry(EventLoop.Timer timer) {
        expiry = timer;
    }

    void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel();
        }
    }

    @Override
    protected boolean hasKey() {
        return key.bytes().isDone() && key.failure() == null;
    }

    /** What is there already, for whoever chooses a partition by it. */
    void writeKeyTo(SerializedRecord target) {
        if (hasKey()) {
            byte[] bytes = key.bytes().join();
            target.setKey(orNothing(bytes), 0, lengthOf(bytes));
        }
    }

    /** Says once that the wait is over, whichever way. Event loop. */
    boolean end() {
        boolean isFirst = !hasEnded;
        hasEnded = true;
        return isFirst;
    }

    @Override
    protected long expectedBytes() {
        return Math.max(SMALLEST_EXPECTED_BYTES, usualBytes.get());
    }

    private static Headers withAdded(Headers headers, Part part, int own) {
        Headers all = headers;
        List<Header> seen = part.context().headers().asList();
        for (Header added : seen.subList(own, seen.size())) {
            all = all.with(added.key(), added.value());
        }
        return all;
    }

    private static byte[] orNothing(byte @Nullable [] bytes) {
        return bytes == null ? new byte[0] : bytes;
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? SerializedRecord.NULL_LENGTH : bytes.length;
    }

    /**
     * A key or a value.
     *
     * @param name which of them, for messages
     * @param object what is serialized
     * @param context where its serializer adds headers
     * @param bytes completed by whoever serializes
     * @param limitNanos how long that may take
     */
    record Part(
            String name,
            @Nullable Object object,
            SerializationContext context,
            CompletableFuture<byte @Nullable []> bytes,
            long limitNanos) {

        /** What serializing it failed with, null if it has not. */
        @Nullable Throwable failure() {
            if (!bytes.isCompletedExceptionally()) {
                return null;
            }
            try {
                bytes.join();
                return null;
            } catch (CompletionException | CancellationException thrown) {
                Throwable cause = thrown.getCause();
                return cause == null ? thrown : cause;
            }
        }
    }
}
