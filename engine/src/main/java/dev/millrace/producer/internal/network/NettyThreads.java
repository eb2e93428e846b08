package dev.millrace.producer.internal.network;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.ThreadExecutorMap;

/** Knows the threads of Netty, whoever they belong to. */
public final class NettyThreads {

    private NettyThreads() {}

    /**
     * Whether the calling thread runs an event loop, ours or another one. Netty's executors for blocking handlers are none.
     * A loop whose thread factory makes plain threads is not recognized: to look would leave a map behind in every thread.
     */
    public static boolean inAnyEventLoop() {
        return Thread.currentThread() instanceof FastThreadLocalThread
                && ThreadExecutorMap.currentExecutor() instanceof EventLoop;
    }
}
