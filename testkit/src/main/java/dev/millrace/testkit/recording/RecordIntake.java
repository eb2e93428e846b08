package dev.millrace.testkit.recording;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.partitioning.KeyHash;
import dev.millrace.testkit.SentRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a record from a send to its end, for all producers of a {@link RecordingCluster}. User code runs without a lock. */
final class RecordIntake<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecordIntake.class);

    private final RecordedLog<K, V> log;
    private final Script script;
    private final Serialization<K, V> serialization;
    private final List<ProducerInterceptor<K, V>> interceptors;
    private final Deque<HeldRecord<K, V>> held = new ArrayDeque<>(); // guarded by itself

    RecordIntake(RecordedLog<K, V> log, Script script, RecordingCluster.Builder<K, V> described) {
        this.log = log;
        this.script = script;
        this.serialization = new Serialization<>(described.keySerializer, described.valueSerializer);
        this.interceptors = described.interceptors;
    }

    Script script() {
        return script;
    }

    RecordedLog<K, V> log() {
        return log;
    }

    CompletableFuture<RecordMetadata> send(
            Object owner,
            ProducerRecord<K, V> given,
            SendCallback callback,
            @Nullable RecordedTransaction transaction) {
        Objects.requireNonNull(given, "record must not be null");
        ProducerRecord<K, V> record = intercept(given);
        CompletableFuture<RecordMetadata> future = new CompletableFuture<>();
        ProducerException damage = transaction == null ? null : transaction.firstFailure();
        ProducerException refusal =
                damage != null ? Failures.damaged(damage) : script.isFull() ? Failures.noSpace(record.topic()) : null;
        HeldRecord<K, V> accepted;
        try {
            accepted = prepare(owner, record, transaction, callback, future);
        } catch (ProducerException unserializable) {
            accepted = unprepared(owner, record, transaction, callback, future);
            refusal = refusal == null ? unserializable : refusal;
        }
        if (refusal == null) {
            refusal = misplaced(accepted);
        }
        if (refusal == null && script.isHolding()) {
            synchronized (held) {
                held.add(accepted);
            }
        } else {
            end(accepted, refusal == null ? script.takeFailure(record) : refusal);
        }
        return future;
    }

    private ProducerRecord<K, V> intercept(ProducerRecord<K, V> given) {
        ProducerRecord<K, V> record = given;
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            try {
                ProducerRecord<K, V> replaced = interceptor.onSend(record);
                record = replaced == null ? record : replaced;
            } catch (RuntimeException failure) {
                LOGGER.warn("interceptor failed; the record goes on as it was", failure);
            }
        }
        return record;
    }

    private HeldRecord<K, V> prepare(
            Object owner,
            ProducerRecord<K, V> record,
            @Nullable RecordedTransaction transaction,
            SendCallback callback,
            CompletableFuture<RecordMetadata> future) {
        Serialization.Bytes bytes = serialization.serialize(record);
        return new HeldRecord<>(
                owner,
                record,
                partition(record, bytes.key),
                timestamp(record),
                bytes.headers,
                Serialization.Bytes.size(bytes.key),
                Serialization.Bytes.size(bytes.value),
                transaction,
                callback,
                future);
    }

    private HeldRecord<K, V> unprepared(
            Object owner,
            ProducerRecord<K, V> record,
            @Nullable RecordedTransaction transaction,
            SendCallback callback,
            CompletableFuture<RecordMetadata> future) {
        Integer named = record.partition();
        return new HeldRecord<>(
                owner,
                record,
                named == null ? RecordMetadata.UNKNOWN_PARTITION : named,
                timestamp(record),
                record.headers(),
                RecordMetadata.NULL_SIZE,
                RecordMetadata.NULL_SIZE,
                transaction,
                callback,
                future);
    }

    private static long timestamp(ProducerRecord<?, ?> record) {
        Long own = record.timestamp();
        return own == null ? System.currentTimeMillis() : own;
    }

    private int partition(ProducerRecord<K, V> record, byte @Nullable [] key) {
        Integer named = record.partition();
        if (named != null) {
            return named;
        }
        return key == null ? 0 : KeyHash.MURMUR2.partitionFor(key, 0, key.length, log.partitions(record.topic()));
    }

    private @Nullable ProducerException misplaced(HeldRecord<K, V> accepted) {
        String topic = accepted.record().topic();
        int partitions = log.partitions(topic);
        return log.isDescribed(topic) && accepted.partition() >= partitions
                ? Failures.noSuchPartition(topic, accepted.partition(), partitions)
                : null;
    }

    /** Ends one record: the log, the transaction, interceptors, callback, future, in this order. */
    private void end(HeldRecord<K, V> record, @Nullable ProducerException failure) {
        RecordedTransaction transaction = record.transaction();
        RecordMetadata metadata;
        if (failure == null) {
            metadata = record.metadata(log.nextOffset(record.record().topic(), record.partition()));
            log.add(kept(record, metadata.offset()), transaction);
        } else {
            metadata = record.metadata(RecordMetadata.NO_OFFSET);
            if (transaction != null) {
                transaction.failed(failure);
            }
        }
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            tell("interceptor", () -> interceptor.onAcknowledgement(metadata, record.headers(), failure));
        }
        tell("callback", () -> record.callback().onCompletion(metadata, failure));
        if (failure == null) {
            record.future().complete(metadata);
        } else {
            record.future().completeExceptionally(failure);
        }
    }

    private static void tell(String who, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException failure) {
            LOGGER.warn("{} failed; nothing changes for the record", who, failure);
        }
    }

    private SentRecord<K, V> kept(HeldRecord<K, V> held, long offset) {
        ProducerRecord<K, V> record = held.record();
        return new SentRecord<>(
                record.topic(),
                held.partition(),
                offset,
                record.key(),
                record.value(),
                held.headers(),
                held.timestampMillis());
    }

    List<ProducerRecord<K, V>> held() {
        synchronized (held) {
            return held.stream().map(HeldRecord::record).toList();
        }
    }

    /** Ends the record that waits longest: with the next failure of the script unless another is given. */
    void endNext(@Nullable ErrorCode error) {
        HeldRecord<K, V> next;
        synchronized (held) {
            next = held.poll();
        }
        if (next == null) {
            throw new IllegalStateException("no record is held; hold() comes before the send");
        }
        end(next, error == null ? script.takeFailure(next.record()) : Failures.of(error, next.record()));
    }

    void deliverHeld() {
        endHeld(record -> true, null);
    }

    /** Fails those of an owner, or of one transaction of his. */
    List<HeldRecord<K, V>> failHeld(
            Predicate<HeldRecord<K, V>> wanted, Function<HeldRecord<K, V>, ProducerException> why) {
        return endHeld(wanted, why);
    }

    private List<HeldRecord<K, V>> endHeld(
            Predicate<HeldRecord<K, V>> wanted, @Nullable Function<HeldRecord<K, V>, ProducerException> why) {
        List<HeldRecord<K, V>> ended = new ArrayList<>();
        synchronized (held) {
            held.removeIf(each -> wanted.test(each) && ended.add(each));
        }
        ended.forEach(each -> end(each, why == null ? script.takeFailure(each.record()) : why.apply(each)));
        return ended;
    }

    /** Complete when what is held now has ended. */
    CompletableFuture<Void> settled(Predicate<HeldRecord<K, V>> wanted) {
        synchronized (held) {
            CompletableFuture<?>[] open = held.stream()
                    .filter(wanted)
                    .map(each -> each.future().handle((metadata, failure) -> true))
                    .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(open);
        }
    }
}
