package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordFollower.Followed;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.client.RecordIntake.Attempt;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The records of a {@link PacedSend} one by one, each with whoever follows it. Confined to the one thread that works. */
final class PacedDepartures<K extends @Nullable Object, V extends @Nullable Object> {

    private final RecordIntake<K, V> intake;
    private final @Nullable RecordFollower<K, V> follower; // null if nobody has to know of each

    private @Nullable Attempt<K, V> next; // null if there is none; one that found no room stays
    private @Nullable Followed<K, V> followed; // of the next; null if nobody follows
    private boolean hasDeparted;

    PacedDepartures(RecordIntake<K, V> intake, @Nullable RecordFollower<K, V> follower) {
        this.intake = intake;
        this.follower = follower;
    }

    /** Whether a record is prepared that has not departed. */
    boolean hasNext() {
        return next != null;
    }

    /** Shows a record to the follower and the interceptors. */
    void prepare(ProducerRecord<K, V> record, SendCallback onEnd) {
        if (follower == null) {
            next = intake.attempt(record, onEnd);
            return;
        }
        Followed<K, V> following = follower.follow(record);
        SendCallback told = (metadata, failure) -> tell(following, onEnd, metadata, failure);
        followed = following;
        following.run(() -> next = intake.attempt(following.record(), told));
    }

    private static void tell(
            Followed<?, ?> followed, SendCallback onEnd, RecordMetadata metadata, @Nullable ProducerException failure) {
        try {
            followed.onCompletion(metadata, failure);
        } finally {
            onEnd.onCompletion(metadata, failure);
        }
    }

    /**
     * Sends the next one, which is prepared, if there is room.
     *
     * @throws IllegalStateException if the producer has closed
     */
    boolean tryDepart() {
        Attempt<K, V> attempt = Objects.requireNonNull(next);
        Followed<K, V> following = followed;
        hasDeparted = false;
        if (following == null) {
            hasDeparted = intake.tryAccept(attempt) != null;
        } else {
            following.run(() -> hasDeparted = intake.tryAccept(attempt) != null);
        }
        if (hasDeparted) {
            next = null;
            followed = null;
        }
        return hasDeparted;
    }

    CompletableFuture<Void> whenRoom() {
        return intake.whenRoom();
    }

    /** The next one is not sent any more. */
    void drop() {
        Attempt<K, V> attempt = next;
        Followed<K, V> following = followed;
        next = null;
        followed = null;
        if (attempt != null) {
            intake.abandon(attempt);
        }
        if (following != null) {
            following.dropped();
        }
    }
}
