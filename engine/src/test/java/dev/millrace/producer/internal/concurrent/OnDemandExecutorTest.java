package dev.millrace.producer.internal.concurrent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OnDemandExecutorTest {

    private static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    @Test
    void startsThreadsWithTheFirstTasksAndEndsThemWhenIdle() {
        try (OnDemandExecutor executor =
                new OnDemandExecutor("lazy-compress", 2, Duration.ofMillis(50), Duration.ofSeconds(5))) {
            assertThat(threads("lazy-compress")).isEmpty();
            CountDownLatch hold = new CountDownLatch(1);
            for (int i = 0; i < 20; i++) {
                executor.execute(() -> awaitQuietly(hold));
            }
            assertThat(threads("lazy-compress")).hasSize(2).allMatch(Thread::isDaemon);
            hold.countDown();
            await().atMost(20, SECONDS)
                    .untilAsserted(() -> assertThat(threads("lazy-compress")).isEmpty());
        }
    }

    @Test
    void closeRunsWhatWasHandedOverAndTakesNothingMore() {
        AtomicInteger ran = new AtomicInteger();
        OnDemandExecutor executor = OnDemandExecutor.forCompression("closing-compress");
        for (int i = 0; i < 1_000; i++) {
            executor.execute(ran::incrementAndGet);
        }
        executor.close();
        assertThat(ran).hasValue(1_000);
        await().atMost(20, SECONDS) // the last thread is a moment behind the executor's end
                .untilAsserted(() -> assertThat(threads("closing-compress")).isEmpty());
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(() -> {}));
    }

    @Test
    void closeInterruptsWhatDoesNotEnd() throws InterruptedException {
        OnDemandExecutor executor = new OnDemandExecutor("waiting", 1, Duration.ofSeconds(10), Duration.ofMillis(50));
        CountDownLatch interrupted = new CountDownLatch(1);
        executor.execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        executor.close();
        assertThat(interrupted.await(20, SECONDS)).isTrue();
    }

    @Test
    void closeWithoutTasksStartsNothing() {
        OnDemandExecutor.forCompression("unused-compress").close();
        assertThat(threads("unused-compress")).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
