package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.internal.concurrent.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NettyEventLoopTest {

    private final NettyEventLoop loop = new NettyEventLoop("orders-io");

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void runsTasksOnOneDaemonThreadOfTheGivenName() {
        Thread thread = CompletableFuture.supplyAsync(Thread::currentThread, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
        assertThat(thread.getName()).isEqualTo("orders-io");
        assertThat(thread.isDaemon()).isTrue();
        assertThat(loop.inEventLoop()).isFalse();
    }

    @Test
    void goesOnAfterATaskThatThrows() {
        CompletableFuture<Boolean> next = new CompletableFuture<>();
        loop.execute(() -> {
            throw new AssertionError("expected in the log");
        });
        loop.schedule(0, () -> {
            throw new AssertionError("expected in the log");
        });
        loop.schedule(1, () -> next.complete(loop.inEventLoop()));
        assertThat(next.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void runsTimersNotBeforeTheirTime() {
        long delayNanos = TimeUnit.MILLISECONDS.toNanos(20);
        long deadlineNanos = loop.nanos() + delayNanos;
        CompletableFuture<Long> lateByNanos = new CompletableFuture<>();
        loop.schedule(delayNanos, () -> lateByNanos.complete(loop.nanos() - deadlineNanos));
        assertThat(lateByNanos.orTimeout(10, TimeUnit.SECONDS).join()).isNotNegative();
    }

    @Test
    void forgetsACancelledTimer() {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<Void> later = new CompletableFuture<>();
        loop.execute(() -> {
            // on the loop, so that the timer cannot run before it is cancelled
            EventLoop.Timer timer = loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.set(true));
            timer.cancel();
            timer.cancel();
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> later.complete(null));
        });
        later.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(ran).isFalse();
    }

    @Test
    void refusesTasksOnceClosed() {
        loop.execute(() -> {});
        loop.close();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
