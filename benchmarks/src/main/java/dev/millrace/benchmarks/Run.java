package dev.millrace.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * One candidate, one workload, one process: prints one line of JSON. CPU time is the whole process's, from the operating
 * system; allocation is that of all live threads, from the JVM.
 */
final class Run {

    private Run() {}

    /** Arguments: candidate, bootstrap servers, topic, records, value bytes, keyed (true or false). */
    public static void main(String[] args) {
        if (args.length != 6) {
            System.err.println("usage: Run CANDIDATE BOOTSTRAP TOPIC RECORDS VALUE_BYTES KEYED");
            System.exit(2);
        }
        Workload workload = new Workload(
                args[1], args[2], Integer.parseInt(args[3]), Integer.parseInt(args[4]), Boolean.parseBoolean(args[5]));
        try (Candidate candidate = Candidate.open(args[0], workload)) {
            send(candidate, workload, workload.warmUpRecords());
            long allocatedBefore = allocatedBytes();
            long cpuBefore = cpuNanos();
            long startNanos = System.nanoTime();
            send(candidate, workload, workload.records());
            long wallNanos = System.nanoTime() - startNanos;
            long cpu = cpuNanos() - cpuBefore;
            long allocated = allocatedBytes() - allocatedBefore;
            System.out.printf(
                    Locale.ROOT,
                    "{\"candidate\":\"%s\",\"records\":%d,\"valueBytes\":%d,\"keyed\":%b,\"recordsPerSecond\":%.0f,"
                            + "\"cpuNanosPerRecord\":%.1f,\"allocatedBytesPerRecord\":%.1f,\"failures\":%d,"
                            + "\"jdk\":\"%s\",\"cores\":%d}%n",
                    args[0],
                    workload.records(),
                    workload.valueBytes(),
                    workload.keyed(),
                    workload.records() * 1e9 / wallNanos,
                    (double) cpu / workload.records(),
                    (double) allocated / workload.records(),
                    candidate.failures(),
                    System.getProperty("java.version"),
                    Runtime.getRuntime().availableProcessors());
        }
    }

    private static void send(Candidate candidate, Workload workload, int records) {
        byte[] value = new byte[workload.valueBytes()];
        new SplittableRandom(42).nextBytes(value);
        for (int i = 0; i < records; i++) {
            byte[] key = workload.keyed()
                    ? ByteBuffer.allocate(Long.BYTES).putLong(i).array()
                    : null;
            candidate.send(key, value);
        }
        candidate.flush();
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(bytes, 0);
        }
        return sum;
    }
}
