package dev.millrace.producer.internal.concurrent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DeliveryExecutorTest {

    private final DeliveryExecutor executor = new DeliveryExecutor("delivery-test");
    private final List<Integer> ran = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void runsTasksInOrder() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            executor.execute(() -> ran.add(number));
        }

        executor.barrier().get(10, SECONDS);

        assertThat(ran).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void keepsTheOrderBehindATaskThatThrows() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {});
        try {
            for (int i = 0; i < 100; i++) {
                int number = i;
                executor.execute(() -> {
                    ran.add(number);
                    if (number % 10 == 0) {
                        throw new IllegalStateException("from user code");
                    }
                });
            }
            executor.barrier().get(10, SECONDS);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }

        assertThat(ran).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void knowsItsOwnThread() throws Exception {
        CompletableFuture<Boolean> own = new CompletableFuture<>();
        CompletableFuture<Boolean> ofAnother = new CompletableFuture<>();
        CompletableFuture<Boolean> isDaemon = new CompletableFuture<>();
        try (DeliveryExecutor another = new DeliveryExecutor("delivery-other")) {
            executor.execute(() -> {
                own.complete(executor.inDelivery());
                ofAnother.complete(another.inDelivery());
                isDaemon.complete(Thread.currentThread().isDaemon());
            });

            assertThat(own.get(10, SECONDS)).isTrue();
            assertThat(ofAnother.get(10, SECONDS)).isFalse();
            assertThat(isDaemon.get(10, SECONDS)).isTrue();
            assertThat(executor.inDelivery()).isFalse();
        }
    }

    @Test
    void endsItsThreadWhenIdleAndComesBack() throws Exception {
        try (DeliveryExecutor brief = new DeliveryExecutor("delivery-brief", Duration.ofMillis(5))) {
            Thread first = threadOf(brief);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> !first.isAlive());

            Thread second = threadOf(brief);

            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void startsNoThreadBeforeTheFirstTask() {
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("delivery-test"));
    }

    @Test
    void runsWhatWasHandedOverBeforeItClosed() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        executor.execute(() -> {
            running.countDown();
            try {
                assertThat(goOn.await(10, SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        executor.execute(() -> ran.add(1));
        CompletableFuture<Void> barrier = executor.barrier();
        assertThat(running.await(10, SECONDS)).isTrue();

        executor.close();

        assertThatExceptionOfType(RejectedExecutionException.class)
                .isThrownBy(() -> executor.execute(() -> ran.add(2)));
        goOn.countDown();
        barrier.get(10, SECONDS);
        assertThat(ran).containsExactly(1);
    }

    private static Thread threadOf(DeliveryExecutor executor) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        executor.execute(() -> thread.complete(Thread.currentThread()));
        return thread.get(10, SECONDS);
    }
}
