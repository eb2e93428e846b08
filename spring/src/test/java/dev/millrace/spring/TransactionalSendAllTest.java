package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllOptions.OnFailure;
import dev.millrace.producer.SendAllResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionalSendAllTest {

    private final FakeTransactions cluster = new FakeTransactions();
    private final FakeTransactionalProducer producer = new FakeTransactionalProducer(cluster, "t-0");

    @BeforeEach
    void begin() {
        producer.init();
        producer.begin();
    }

    private static ProducerRecord<String, String> record(String value) {
        return new ProducerRecord<>("orders", value);
    }

    private static List<ProducerRecord<String, String>> records(int count) {
        return IntStream.range(0, count).mapToObj(i -> record("v" + i)).toList();
    }

    private List<String> committed() {
        producer.commitAsync().join();
        return cluster.committed();
    }

    @Test
    void sendsAllInOrder() {
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, records(3), SendAllOptions.defaults(), null);
        assertThat(result).isCompletedWithValue(new SendAllResult(3, 3, 0, null, null));
        assertThat(committed()).containsExactly("v0", "v1", "v2");
    }

    @Test
    void waitsForSpaceWithoutLosingTheRecord() {
        cluster.isFull = true;
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, records(2), SendAllOptions.defaults(), null);
        assertThat(result).isNotDone();

        CompletableFuture<Void> space = cluster.writable;
        cluster.writable = new CompletableFuture<>();
        space.complete(null);
        assertThat(result).isNotDone();

        cluster.isFull = false;
        cluster.writable.complete(null);
        assertThat(result).isCompletedWithValue(new SendAllResult(2, 2, 0, null, null));
        assertThat(committed()).containsExactly("v0", "v1");
    }

    @Test
    void keepsToTheBound() {
        cluster.holdsRecords = true;
        CompletableFuture<SendAllResult> result = TransactionalSendAll.of(
                producer, records(5), SendAllOptions.defaults().withMaxInFlight(2), null);
        assertThat(result).isNotDone();
        assertThat(producer.underWay()).isEqualTo(2);
        producer.flushAsync().join();
        assertThat(producer.underWay()).isEqualTo(2);
        producer.flushAsync().join();
        producer.flushAsync().join();
        assertThat(result).isCompletedWithValue(new SendAllResult(5, 5, 0, null, null));
    }

    @Test
    void goesOnAfterAFailureOrStops() {
        List<ProducerRecord<String, String>> bad = List.of(record("a"), record(FakeTransactions.POISON), record("b"));
        SendAllResult all = TransactionalSendAll.of(producer, bad, SendAllOptions.defaults(), null)
                .join();
        assertThat(all.sent()).isEqualTo(3);
        assertThat(all.failed()).isEqualTo(2); // the transaction can only be aborted then
        assertThat(all.firstFailure()).hasMessage("value cannot be serialized");

        producer.abortAsync().join();
        producer.begin();
        SendAllResult some = TransactionalSendAll.of(
                        producer, bad, SendAllOptions.defaults().withOnFailure(OnFailure.STOP), null)
                .join();
        assertThat(some.sent()).isEqualTo(2);
        assertThat(some.stoppedBy()).isNull();
    }

    @Test
    void stopsWithTheTransaction() {
        cluster.isFull = true;
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, records(2), SendAllOptions.defaults(), null);
        producer.abortAsync().join();
        cluster.isFull = false;
        cluster.writable.complete(null);
        assertThat(result.join().stoppedBy()).isInstanceOf(IllegalStateException.class);
        assertThat(result.join().sent()).isZero();
    }

    @Test
    void readsAnIterableOnTheExecutor() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        CompletableFuture<SendAllResult> result = TransactionalSendAll.of(
                producer, records(1), SendAllOptions.defaults().withExecutor(tasks::add), null);
        assertThat(producer.underWay()).isZero();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        assertThat(result).isCompletedWithValue(new SendAllResult(1, 1, 0, null, null));
    }

    @Test
    void requestsFromAPublisherAsItReads() {
        Publisher publisher = new Publisher();
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, publisher, SendAllOptions.defaults(), null);
        assertThat(publisher.requested).isEqualTo(128);
        publisher.subscriber().onNext(record("a"));
        assertThat(publisher.requested).isEqualTo(129);
        cluster.isFull = true;
        publisher.subscriber().onNext(record("b"));
        publisher.subscriber().onNext(record("c"));
        assertThat(publisher.requested).isEqualTo(130); // "b" is read and waits
        publisher.subscriber().onComplete();
        assertThat(result).isNotDone();
        cluster.isFull = false;
        cluster.writable.complete(null);
        assertThat(result).isCompletedWithValue(new SendAllResult(3, 3, 0, null, null));
        assertThat(committed()).containsExactly("a", "b", "c");
    }

    @Test
    void tellsWhatThePublisherSignals() {
        Publisher publisher = new Publisher();
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, publisher, SendAllOptions.defaults(), null);
        IllegalStateException broken = new IllegalStateException("broken");
        publisher.subscriber().onNext(record("a"));
        publisher.subscriber().onError(broken);
        assertThat(result).isCompletedWithValue(new SendAllResult(1, 1, 0, null, broken));
    }

    @Test
    void cancelsTheSubscription() {
        Publisher publisher = new Publisher();
        CompletableFuture<SendAllResult> result =
                TransactionalSendAll.of(producer, publisher, SendAllOptions.defaults(), null);
        assertThat(result.cancel(false)).isTrue();
        assertThat(publisher.isCancelled).isTrue();
        publisher.subscriber().onNext(record("late"));
        assertThat(committed()).isEmpty();
    }

    private static final class Publisher implements Flow.Publisher<ProducerRecord<String, String>>, Flow.Subscription {

        private final List<Flow.Subscriber<? super ProducerRecord<String, String>>> subscribers = new ArrayList<>();
        private long requested;
        private boolean isCancelled;

        @Override
        public void subscribe(Flow.@Nullable Subscriber<? super ProducerRecord<String, String>> subscriber) {
            if (subscriber != null) {
                subscribers.add(subscriber);
                subscriber.onSubscribe(this);
            }
        }

        Flow.Subscriber<? super ProducerRecord<String, String>> subscriber() {
            return subscribers.get(0);
        }

        @Override
        public void request(long count) {
            requested += count;
        }

        @Override
        public void cancel() {
            isCancelled = true;
        }
    }
}
