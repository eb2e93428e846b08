package dev.millrace.producer.internal.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.simulation.SimulatedDelivery;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.scheduler.NonBlocking;

@Timeout(20)
class WaitRulesTest {

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final WaitRules rules = new WaitRules(
            loop, new SimulatedDelivery(loop), thread -> thread.getName().startsWith("mine-"));

    private static class ReactorThread extends Thread implements NonBlocking {
        ReactorThread(Runnable task) {
            super(task);
        }
    }

    private static final class SpecialReactorThread extends ReactorThread {
        SpecialReactorThread(Runnable task) {
            super(task);
        }
    }

    private @Nullable String onThread(Thread thread, FutureTask<@Nullable String> task) throws Exception {
        thread.start();
        return task.get(10, SECONDS);
    }

    @Test
    void otherThreadsMayWait() throws Exception {
        FutureTask<@Nullable String> task = new FutureTask<>(rules::obstacle);
        assertThat(onThread(new Thread(task), task)).isNull();
    }

    @Test
    void theLoopMustNot() {
        assertThat(rules.obstacle()).isEqualTo("it is the producer's event loop");
    }

    @Test
    void threadsThatReactorMarksMustNot() throws Exception {
        FutureTask<@Nullable String> task = new FutureTask<>(rules::obstacle);
        assertThat(onThread(new ReactorThread(task), task)).isEqualTo("Reactor marks it as non-blocking");
        FutureTask<@Nullable String> below = new FutureTask<>(rules::obstacle);
        assertThat(onThread(new SpecialReactorThread(below), below)).isEqualTo("Reactor marks it as non-blocking");
    }

    @Test
    void threadsTheApplicationNamesMustNot() throws Exception {
        FutureTask<@Nullable String> task = new FutureTask<>(rules::obstacle);
        assertThat(onThread(new Thread(task, "mine-1"), task)).isEqualTo("the application marks it as non-blocking");
    }

    @Test
    void eventLoopsOfNettyMustNotAndItsOtherExecutorsMay() throws Exception {
        EventLoopGroup loops = new DefaultEventLoopGroup(1);
        EventExecutorGroup others = new DefaultEventExecutorGroup(1);
        try {
            assertThat(loops.submit(rules::obstacle).get(10, SECONDS)).isEqualTo("it is an event loop of Netty");
            assertThat(others.submit(rules::obstacle).get(10, SECONDS)).isNull();
        } finally {
            loops.shutdownGracefully(0, 1, SECONDS);
            others.shutdownGracefully(0, 1, SECONDS);
        }
    }
}
