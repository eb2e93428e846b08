package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.Producer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ContinuationsTest {

    private final FakeProducer<String, String> engine = new FakeProducer<>();
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(new ProducerFactory<>() {
        @Override
        public Producer<String, String> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "fake";
        }
    });

    /** Stands for the engine's one delivery thread. */
    private final ExecutorService delivery = Executors.newSingleThreadExecutor();

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @AfterEach
    void endThreads() {
        delivery.shutdownNow();
        pool.shutdownNow();
    }

    @Test
    void refusesToWaitOnTheDeliveryThread() throws Exception {
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> done = template.send("t", "v").thenAccept(result -> {
            CompletableFuture<SendResult<String, String>> next = template.send("t", "next");
            refusals.add(thrownBy(next::join));
            refusals.add(thrownBy(next::get));
            refusals.add(thrownBy(() -> next.get(1, TimeUnit.MINUTES)));
            refusals.add(thrownBy(next.thenApply(SendResult::metadata)::join));
        });

        delivery.execute(() -> engine.sent.get(0).deliver(0, 1));
        done.get();

        assertThat(refusals).hasSize(4).allSatisfy(refusal -> assertThat(refusal)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessageContaining("callback-executor=dispatch"));
    }

    @Test
    void letsACompleteFutureBeReadAnywhere() throws Exception {
        CompletableFuture<SendResult<String, String>> future = template.send("t", "v");
        CompletableFuture<Long> offset =
                future.thenApply(result -> future.join().metadata().offset());

        delivery.execute(() -> engine.sent.get(0).deliver(0, 7));

        assertThat(offset.get()).isEqualTo(7);
    }

    @Test
    void letsOtherThreadsWait() throws Exception {
        CompletableFuture<SendResult<String, String>> future = template.send("t", "v");
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS));

        delivery.execute(() -> engine.sent.get(0).deliver(0, 7));

        assertThat(future.get(10, TimeUnit.SECONDS).metadata().offset()).isEqualTo(7);
    }

    @Test
    void waitsForASendInAContinuationOfTheSamePartition() throws Exception {
        template.setCallbackExecutor(ProducerTemplate.dispatcher());
        CompletableFuture<Long> both = template.send("t", "first").thenApply(first -> {
            CompletableFuture<SendResult<String, String>> second = template.send("t", "second");
            delivery.execute(() -> engine.sent.get(1).deliver(0, 2));
            return second.join().metadata().offset();
        });

        delivery.execute(() -> engine.sent.get(0).deliver(0, 1));

        assertThat(both.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void waitsForWhatFollowsFromASendInAContinuationOfTheSamePartition() throws Exception {
        template.setCallbackExecutor(ProducerTemplate.dispatcher());
        CompletableFuture<Long> both = template.send("t", "first").thenApply(first -> {
            CompletableFuture<Long> second = template.send("t", "second")
                    .thenApply(result -> result.metadata().offset());
            delivery.execute(() -> engine.sent.get(1).deliver(0, 2));
            return second.join();
        });

        delivery.execute(() -> engine.sent.get(0).deliver(0, 1));

        assertThat(both.get(10, TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void keepsTheOrderOfAPartition() throws Exception {
        template.setCallbackExecutor(pool);
        List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < 9_999; i++) {
            int number = i;
            done.add(template.send("t", i % 3, "k", "v")
                    .thenAccept(result -> seen.get(number % 3).add(number)));
        }

        delivery.execute(() -> {
            for (int i = 0; i < 9_999; i++) {
                engine.sent.get(i).deliver(i % 3, i);
            }
        });
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        assertThat(seen).allSatisfy(one -> assertThat(one).hasSize(3_333).isSorted());
    }

    @Test
    void holdsUpTheDeliveryThreadWhenContinuationsAreSlow() throws Exception {
        DispatchedContinuations bounded = new DispatchedContinuations(pool, 10);
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(100);
        CompletableFuture<Void> delivered = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 100; i++) {
                        bounded.run("t", 0, () -> {
                            await(slow);
                            all.countDown();
                        });
                    }
                },
                delivery);

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> delivered.get(100, TimeUnit.MILLISECONDS)); // it cannot end, however long one waits
        slow.countDown();
        delivered.get(10, TimeUnit.SECONDS);
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void doesNotHoldUpTheDeliveryThreadForAContinuationThatWaitsForIt() throws Exception {
        DispatchedContinuations bounded = new DispatchedContinuations(pool, 3);
        SendFuture<String> late = new SendFuture.Following<>(bounded);
        CompletableFuture<String> waited = new CompletableFuture<>();
        delivery.execute(() -> {
            bounded.run("t", 0, () -> waited.complete(late.join()));
            for (int i = 0; i < 20; i++) {
                bounded.run("t", 1, late::isDone);
            }
            bounded.run("t", 0, () -> late.complete("there"));
        });

        assertThat(waited.get(10, TimeUnit.SECONDS)).isEqualTo("there");
    }

    @Test
    void flushesUntilFuturesAreComplete() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        template.setCallbackExecutor(pool);
        CompletableFuture<Void> slowOne = template.send("t", 0, "k", "v").thenAccept(result -> await(slow));
        CompletableFuture<SendResult<String, String>> behind = template.send("t", 0, "k", "v");
        engine.sent.get(0).deliver(0, 1);
        engine.sent.get(1).deliver(0, 2);
        engine.flush.complete(null);

        CompletableFuture<Void> flushed = template.flushAsync();
        assertThat(behind).isNotDone();
        assertThat(flushed).isNotDone();
        slow.countDown();
        flushed.get(10, TimeUnit.SECONDS);
        template.flush();

        assertThat(behind).isCompleted();
        assertThat(slowOne).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void flushesInAContinuation() throws Exception {
        template.setCallbackExecutor(pool);
        CompletableFuture<Boolean> flushed = template.send("t", 0, "k", "v").thenApply(result -> {
            template.flush();
            return true;
        });
        engine.sent.get(0).deliver(0, 1);

        assertThat(flushed.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void completesWhereTheEngineTellsIfTheExecutorHasEnded() {
        template.setCallbackExecutor(task -> {
            throw new RejectedExecutionException("ended");
        });
        CompletableFuture<SendResult<String, String>> future = template.send("t", "v");

        engine.sent.get(0).deliver(0, 1);

        assertThat(future).isCompleted();
    }

    @Test
    void dispatchesOnDaemonThreadsWithOurClassLoader() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        ProducerTemplate.dispatcher().execute(() -> thread.complete(Thread.currentThread()));

        assertThat(thread.get(10, TimeUnit.SECONDS)).satisfies(it -> {
            assertThat(it.isDaemon()).isTrue();
            assertThat(it.getName()).startsWith("millrace-callbacks-");
            assertThat(it.getContextClassLoader()).isEqualTo(ProducerTemplate.class.getClassLoader());
        });
    }

    private static Throwable thrownBy(ThrowingRunnable call) {
        try {
            call.run();
            return new AssertionError("nothing was thrown");
        } catch (Throwable thrown) {
            return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }
}
