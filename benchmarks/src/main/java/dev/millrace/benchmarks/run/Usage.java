package dev.millrace.benchmarks.run;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process has used up to a moment.
 *
 * @param nanos of {@link System#nanoTime()}
 * @param cpuNanos all threads of the process, the compiler's and the collector's too, from the operating system
 * @param allocatedBytes by all live threads, from the JVM
 * @param compilationMillis the compiler's part of the time
 */
record Usage(long nanos, long cpuNanos, long allocatedBytes, long compilationMillis) {

    static Usage now() {
        return new Usage(
                System.nanoTime(),
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime(),
                allocated(),
                WarmUp.compilationMillis());
    }

    Usage since(Usage before) {
        return new Usage(
                nanos - before.nanos,
                cpuNanos - before.cpuNanos,
                allocatedBytes - before.allocatedBytes,
                compilationMillis - before.compilationMillis);
    }

    private static long allocated() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }
}
