package dev.millrace.testkit.recording;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordFollower.Followed;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllOptions.OnFailure;
import dev.millrace.producer.SendAllResult;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** One {@code sendAll}: takes no more records than may be in flight, and goes on where one ends. Its own lock guards it. */
final class SourceReading<K extends @Nullable Object, V extends @Nullable Object>
        implements Flow.Subscriber<ProducerRecord<K, V>> {

    private final Producer<K, V> producer;
    private final SendAllOptions options;
    private final @Nullable RecordFollower<K, V> follower; // null if nobody has to know of each record
    private final CompletableFuture<SendAllResult> result = new CompletableFuture<>();

    private @Nullable Iterator<? extends ProducerRecord<K, V>> iterator;
    private Flow.@Nullable Subscription subscription;
    private boolean isReading; // one thread at a time takes from the iterator
    private boolean isExhausted;
    private long sent;
    private long delivered;
    private long failed;
    private @Nullable ProducerException firstFailure;
    private @Nullable Throwable stoppedBy;

    SourceReading(Producer<K, V> producer, SendAllOptions options, @Nullable RecordFollower<K, V> follower) {
        this.producer = producer;
        this.options = options;
        this.follower = follower;
    }

    CompletableFuture<SendAllResult> result() {
        return result;
    }

    void readAll(Iterable<? extends ProducerRecord<K, V>> records) {
        try {
            iterator = records.iterator();
        } catch (RuntimeException failure) {
            end(failure);
        }
        pull();
    }

    private void pull() {
        Iterator<? extends ProducerRecord<K, V>> source = iterator;
        if (source == null || !begin()) {
            return;
        }
        while (mayTake()) {
            try {
                if (!source.hasNext()) {
                    end(null);
                    break;
                }
                take(source.next());
            } catch (RuntimeException failure) {
                end(failure);
            }
        }
        completeIfDone();
    }

    private synchronized boolean begin() {
        boolean mayBegin = !isReading;
        isReading = true;
        return mayBegin;
    }

    /** Ends the reading if not, so that the end of a record begins it again. */
    private synchronized boolean mayTake() {
        boolean may = !isExhausted && !result.isDone() && sent - delivered - failed < options.maxInFlight();
        isReading = may;
        return may;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // told by the callback
    private void take(ProducerRecord<K, V> record) {
        synchronized (this) {
            sent++;
        }
        try {
            if (follower == null) {
                producer.send(record, this::ended);
            } else {
                send(follower.follow(record));
            }
        } catch (RuntimeException refused) {
            synchronized (this) {
                sent--;
            }
            throw refused;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void send(Followed<K, V> followed) {
        SendCallback both = (metadata, failure) -> {
            try {
                followed.onCompletion(metadata, failure);
            } finally {
                ended(metadata, failure);
            }
        };
        followed.run(() -> producer.send(followed.record(), both));
    }

    private void ended(RecordMetadata metadata, @Nullable ProducerException failure) {
        boolean stops;
        synchronized (this) {
            if (failure == null) {
                delivered++;
            } else {
                failed++;
                firstFailure = firstFailure == null ? failure : firstFailure;
            }
            stops = failure != null && options.onFailure() == OnFailure.STOP;
        }
        if (stops) {
            end(null);
            cancel();
        }
        Flow.Subscription from = subscription;
        if (from != null && !isExhausted()) {
            from.request(1);
        }
        pull();
        completeIfDone();
    }

    private synchronized boolean isExhausted() {
        return isExhausted;
    }

    private synchronized void end(@Nullable Throwable cause) {
        isExhausted = true;
        stoppedBy = stoppedBy == null ? cause : stoppedBy;
    }

    private void completeIfDone() {
        SendAllResult all;
        synchronized (this) {
            if (!isExhausted || sent > delivered + failed) {
                return;
            }
            all = new SendAllResult(sent, delivered, failed, firstFailure, stoppedBy);
        }
        result.complete(all);
    }

    private void cancel() {
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the result tells the caller
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription must not be null");
        if (subscription != null) {
            given.cancel();
            return;
        }
        subscription = given;
        result.whenComplete((all, failure) -> {
            if (result.isCancelled()) {
                cancel();
            }
        });
        given.request(options.maxInFlight());
    }

    @Override
    public void onNext(ProducerRecord<K, V> record) {
        Objects.requireNonNull(record, "record must not be null");
        if (isExhausted()) {
            return;
        }
        try {
            take(record);
        } catch (RuntimeException refused) {
            end(refused);
            cancel();
            completeIfDone();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(Objects.requireNonNull(failure, "failure must not be null"));
        completeIfDone();
    }

    @Override
    public void onComplete() {
        end(null);
        completeIfDone();
    }
}
