package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.client.InterceptorChain.Followed;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.Serializer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes bytes of keys and values, at once or by serializers that may take their time. Callers' threads. */
final class RecordSerialization<K extends @Nullable Object, V extends @Nullable Object> {

    private final AcceptFailures failures;
    private final WallClock clock;
    private final Serializer<K> keySerializer;
    private final Serializer<V> valueSerializer;
    private final boolean mayBeLate; // the bytes of a key or a value may not be there at once
    private final AtomicLong usualLateBytes = new AtomicLong();

    RecordSerialization(ClientParts parts, AcceptFailures failures, PlugIns<K, V> plugIns) {
        this.failures = failures;
        this.clock = parts.clock();
        this.keySerializer = plugIns.keySerializer();
        this.valueSerializer = plugIns.valueSerializer();
        this.mayBeLate = keySerializer instanceof AsyncSerializer || valueSerializer instanceof AsyncSerializer;
    }

    /** Begins with a record whose bytes may not be there at once; null if {@link #serialize} is to be called for it. */
    @Nullable LateSerialization begin(
            ProducerRecord<K, V> record, RecordCompletion completion, @Nullable Followed<K, V> followed) {
        return mayBeLate
                ? LateSerialization.begin(record, keySerializer, valueSerializer, usualLateBytes, completion, followed)
                : null;
    }

    /** Serializes into the scratch. Returns what the record fails with, null if its bytes are there. */
    @Nullable ProducerException serialize(ProducerRecord<K, V> record, SendScratch scratch) {
        try {
            scratch.serializeKey(record.topic(), record.headers(), record.key(), keySerializer);
        } catch (Throwable e) {
            throwIfNotTheRecords(e);
            return failures.serialization(record.topic(), "key", record.key(), e);
        }
        try {
            scratch.serializeValue(record.value(), valueSerializer);
        } catch (Throwable e) {
            throwIfNotTheRecords(e);
            return failures.serialization(record.topic(), "value", record.value(), e);
        }
        setTimestamp(record, scratch);
        return null;
    }

    /** Takes what serializers gave that could have taken their time, and did not. Returns as {@link #serialize}. */
    @Nullable ProducerException take(LateSerialization done, ProducerRecord<K, V> record, SendScratch scratch) {
        LateSerialization.Part part = done.missingPart();
        Throwable thrown = part.failure();
        if (thrown != null) {
            return failures.serialization(record.topic(), part.name(), part.object(), thrown);
        }
        setTimestamp(record, scratch);
        done.writeTo(scratch.record());
        return null;
    }

    /** Puts into the scratch what is known of a record whose bytes have yet to come. */
    void describe(LateSerialization late, ProducerRecord<K, V> record, SendScratch scratch) {
        setTimestamp(record, scratch);
        scratch.record().setHeaders(record.headers());
        late.writeKeyTo(scratch.record());
    }

    private void setTimestamp(ProducerRecord<K, V> record, SendScratch scratch) {
        Long timestamp = record.timestamp();
        scratch.record().setTimestampMillis(timestamp == null ? clock.millis() : timestamp);
    }

    /** An object that contains itself ends in a stack overflow; every other error of the JVM is not about the record. */
    static void throwIfNotTheRecords(Throwable thrown) {
        if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
            throw error;
        }
    }
}
