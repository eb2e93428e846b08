package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.concurrent.Delivery;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.network.NettyThreads;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which threads must not wait for memory, and why. Asked only when there is none, so it may cost a little. Any thread. */
final class WaitRules {

    /** By name: Reactor is not a dependency. A class says the same of all its threads, so the answer is kept with it. */
    private static final ClassValue<Boolean> NON_BLOCKING_BY_TYPE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isNamed(type);
        }
    };

    private static final String REACTOR_MARK = "reactor.core.scheduler.NonBlocking";

    private final EventLoop loop;
    private final Delivery delivery;
    private final Predicate<? super Thread> nonBlocking;

    WaitRules(EventLoop loop, Delivery delivery, Predicate<? super Thread> nonBlocking) {
        this.loop = loop;
        this.delivery = delivery;
        this.nonBlocking = nonBlocking;
    }

    /** Why the calling thread must not wait; null if it may. */
    @Nullable String obstacle() {
        Thread current = Thread.currentThread();
        if (delivery.inDelivery()) {
            return "callbacks run on it";
        }
        if (loop.inEventLoop()) {
            return "it is the producer's event loop";
        }
        if (NettyThreads.inAnyEventLoop()) {
            return "it is an event loop of Netty";
        }
        if (NON_BLOCKING_BY_TYPE.get(current.getClass())) {
            return "Reactor marks it as non-blocking";
        }
        return nonBlocking.test(current) ? "the application marks it as non-blocking" : null;
    }

    private static boolean isNamed(@Nullable Class<?> type) {
        if (type == null) {
            return false;
        }
        if (type.getName().equals(REACTOR_MARK) || isNamed(type.getSuperclass())) {
            return true;
        }
        for (Class<?> each : type.getInterfaces()) {
            if (isNamed(each)) {
                return true;
            }
        }
        return false;
    }
}
