package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.client.InterceptorChain.Followed;
import dev.millrace.producer.internal.record.SerializedRecord;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A record's way from {@code send} into the accumulator, on the caller's thread: interceptors, serialization, size, place.
 * Whatever is wrong with the record or the cluster ends up in the record's future.
 */
final class RecordIntake<K extends @Nullable Object, V extends @Nullable Object> {

    private final AcceptFailures failures;
    private final InterceptorChain<K, V> interceptors;
    private final RecordSerialization<K, V> serialization;
    private final SizeLimits sizeLimits;
    private final RecordPlacement<K, V> placement;
    private final PatientAppend appends;
    private final Refusals refusals;
    private final SendScratch.Pool scratches = new SendScratch.Pool();

    RecordIntake(
            ClientParts parts,
            AcceptFailures failures,
            PlugIns<K, V> plugIns,
            RecordPlacement<K, V> placement,
            PatientAppend appends,
            Refusals refusals) {
        this.failures = failures;
        this.interceptors = new InterceptorChain<>(parts.settings().logPrefix(), plugIns.interceptors());
        this.serialization = new RecordSerialization<>(parts, failures, plugIns);
        this.sizeLimits = new SizeLimits(parts, failures);
        this.placement = placement;
        this.appends = appends;
        this.refusals = refusals;
    }

    /**
     * Takes a record, waiting for memory if it must and this thread may.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    RecordCompletion accept(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        if (interceptors.isEmpty()) {
            RecordCompletion completion = new RecordCompletion(callback);
            offer(record, completion, null, true);
            return completion;
        }
        Followed<K, V> followed = interceptors.onSend(record, callback);
        RecordCompletion completion = new RecordCompletion(followed);
        offer(followed.record(), completion, followed, true);
        return completion;
    }

    /**
     * Refuses a record for a reason that has nothing to do with it. Without a callback its future has failed already.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    RecordCompletion refuse(ProducerRecord<K, V> record, @Nullable SendCallback callback, ProducerException why) {
        ProducerRecord<K, V> seen = record;
        SendCallback told = callback;
        if (!interceptors.isEmpty()) {
            Followed<K, V> followed = interceptors.onSend(record, callback);
            seen = followed.record();
            if (callback == null) {
                refusals.tellInterceptors(followed, why);
            } else {
                told = followed;
            }
        }
        RecordCompletion completion = new RecordCompletion(told);
        Patience patience = new Patience();
        patience.start(true);
        try {
            refusals.refuse(seen, completion, why, patience);
        } catch (IllegalStateException closed) {
            if (told instanceof Followed<?, ?> followed) {
                refusals.tellInterceptors(followed, failures.closedWhileSending(seen.topic()));
            }
            throw closed;
        }
        return completion;
    }

    /** A record that is to be accepted when there is room, the interceptors having seen it. */
    static final class Attempt<K extends @Nullable Object, V extends @Nullable Object> {
        private final ProducerRecord<K, V> record;
        private final @Nullable SendCallback callback;
        private final @Nullable Followed<K, V> followed; // null without interceptors

        Attempt(ProducerRecord<K, V> record, @Nullable SendCallback callback, @Nullable Followed<K, V> followed) {
            this.record = record;
            this.callback = callback;
            this.followed = followed;
        }
    }

    /** Shows a record to the interceptors, to be tried any number of times and then accepted or abandoned. */
    Attempt<K, V> attempt(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        if (interceptors.isEmpty()) {
            return new Attempt<>(record, callback, null);
        }
        Followed<K, V> followed = interceptors.onSend(record, callback);
        return new Attempt<>(followed.record(), followed, followed);
    }

    /**
     * Takes a record if there is room for it right now.
     *
     * @return null if there is none; nothing is kept
     * @throws IllegalStateException if the producer closed meanwhile
     */
    @Nullable RecordCompletion tryAccept(Attempt<K, V> attempt) {
        RecordCompletion completion = new RecordCompletion(attempt.callback);
        return offer(attempt.record, completion, attempt.followed, false) ? completion : null;
    }

    /** The attempt is not made again: the interceptors hear of it, as nothing else will tell them. */
    void abandon(Attempt<K, V> attempt) {
        if (attempt.followed != null) {
            refusals.tellInterceptors(attempt.followed, appends.noRoomNow(attempt.record.topic()));
        }
    }

    /** Completes when there is room for a batch, or for what {@link #tryAccept} had no room for last. */
    CompletableFuture<Void> whenRoom() {
        return appends.whenRoom();
    }

    private boolean offer(
            ProducerRecord<K, V> record,
            RecordCompletion completion,
            @Nullable Followed<K, V> followed,
            boolean mayWait) {
        SendScratch scratch = scratches.take();
        try {
            scratch.patience().start(mayWait);
            ProducerException refusal = take(record, scratch, completion, followed);
            if (refusal != null) {
                refusals.refuse(record, completion, refusal, scratch.patience());
            }
            return !scratch.patience().isExhaustedWithoutWords();
        } catch (IllegalStateException closed) {
            if (followed != null) {
                refusals.tellInterceptors(followed, failures.closedWhileSending(record.topic()));
            }
            throw closed;
        } finally {
            scratches.give(scratch);
        }
    }

    private @Nullable ProducerException take(
            ProducerRecord<K, V> record,
            SendScratch scratch,
            RecordCompletion completion,
            @Nullable Followed<K, V> followed) {
        LateSerialization late = serialization.begin(record, completion, followed);
        if (late != null && !late.isDone()) {
            serialization.describe(late, record, scratch);
            return placement.placeWithoutBytes(record, scratch, late);
        }
        ProducerException refusal =
                late == null ? serialization.serialize(record, scratch) : serialization.take(late, record, scratch);
        if (refusal != null) {
            return refusal;
        }
        SerializedRecord bytes = scratch.record();
        if (followed != null) {
            followed.sentWith(bytes.headers());
        }
        completion.describe(bytes.timestampMillis(), bytes.keyLength(), bytes.valueLength());
        refusal = sizeLimits.check(record.topic(), bytes);
        return refusal == null ? placement.place(record, scratch, completion) : refusal;
    }
}
