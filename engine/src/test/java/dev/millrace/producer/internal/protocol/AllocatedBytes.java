package dev.millrace.producer.internal.protocol;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What a thread allocates on the heap, as the JVM counts it. */
public final class AllocatedBytes {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
    private static final ObjectName THREADS = threads();
    private static final int CALLS_UNTIL_REFLECTION_IS_COMPILED = 20;

    static {
        for (int i = 0; i < CALLS_UNTIL_REFLECTION_IS_COMPILED; i++) {
            long unused = now();
        }
    }

    private AllocatedBytes() {}

    /** How many bytes the calling thread allocates while it runs a task, and some hundreds for asking. */
    public static long of(Runnable task) {
        long before = now();
        task.run();
        return now() - before;
    }

    /**
     * As {@link #of}, of a second run if the first one allocates more than a bound: classes are loaded once, by whoever comes
     * first.
     */
    public static long ofEither(long bound, Runnable task) {
        long first = of(task);
        return first <= bound ? first : of(task);
    }

    /** By name, as the module of the interface with this method is not among those of the engine. */
    private static long now() {
        try {
            return (long) SERVER.getAttribute(THREADS, "CurrentThreadAllocatedBytes");
        } catch (JMException e) {
            throw new IllegalStateException("this JVM does not count what threads allocate", e);
        }
    }

    private static ObjectName threads() {
        try {
            return new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
