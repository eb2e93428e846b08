package dev.millrace.benchmarks.run;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/**
 * Memory in use after a collection.
 *
 * @param heapBytes what the collector leaves
 * @param directBytes outside of the heap, as far as the JVM and Netty count it
 */
record Memory(long heapBytes, long directBytes) {

    /** Where nobody has looked. */
    static final Memory UNKNOWN = new Memory(0, 0);

    static Memory afterCollection() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        long direct = Math.max(0, PlatformDependent.usedDirectMemory());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            direct += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return new Memory(memory.getHeapMemoryUsage().getUsed(), direct);
    }

    long bytes() {
        return heapBytes + directBytes;
    }
}
