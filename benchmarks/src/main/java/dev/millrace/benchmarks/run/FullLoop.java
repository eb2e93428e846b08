package dev.millrace.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** As many records as the candidate takes, from any number of threads. */
final class FullLoop {

    private static final int LOOK = 64; // records between two looks at the clock

    private final Workload workload;
    private final Candidate candidate;
    private final Samples samples;
    private final OutcomeCounter counter;
    private final Memory before;

    /** To be measured; memory is what has come since {@code before}. */
    FullLoop(Workload workload, Candidate candidate, Samples samples, OutcomeCounter counter, Memory before) {
        this.workload = workload;
        this.candidate = candidate;
        this.samples = samples;
        this.counter = counter;
        this.before = before;
    }

    void measure(Result result) throws InterruptedException {
        List<Candidate.Sender> senders = new ArrayList<>();
        for (int i = 0; i < workload.threads(); i++) {
            senders.add(candidate.sender());
        }
        ExecutorService threads = Executors.newFixedThreadPool(workload.threads());
        LongAdder warm = new LongAdder();
        WarmUp.run(workload.warmUpSeconds(), seconds -> warm.add(send(senders, threads, seconds)));
        candidate.flush();
        Usage start = Usage.now();
        CompletableFuture<@Nullable Long> peak = workload.mode() == Workload.Mode.MEMORY
                ? CompletableFuture.supplyAsync(this::watchMemory, newThread())
                : CompletableFuture.completedFuture(null);
        long records = send(senders, threads, workload.seconds());
        candidate.flush();
        Usage used = Usage.now().since(start);
        result.usage(used, records, "record");
        result.number("allRecords", warm.sum() + records);
        Long peakBytes = peak.join();
        if (peakBytes != null) {
            result.number("peakBytes", peakBytes - before.bytes());
        }
        threads.shutdown();
    }

    private static Executor newThread() {
        return task -> new Thread(task, "memory").start();
    }

    private long send(List<Candidate.Sender> senders, ExecutorService threads, int seconds) {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        LongAdder sum = new LongAdder();
        CompletableFuture<?>[] loops = new CompletableFuture<?>[senders.size()];
        for (int i = 0; i < loops.length; i++) {
            Candidate.Sender sender = senders.get(i);
            long offset = i * 997L;
            loops[i] = CompletableFuture.runAsync(() -> sum.add(loop(sender, offset, endNanos)), threads);
        }
        CompletableFuture.allOf(loops).join();
        return sum.sum();
    }

    private long loop(Candidate.Sender sender, long offset, long endNanos) {
        long sent = 0;
        while (System.nanoTime() - endNanos < 0) {
            for (int i = 0; i < LOOK; i++) {
                sender.send(samples.get(offset + sent), counter);
                sent++;
            }
        }
        return sent;
    }

    /** The most that was in use after a collection while records were sent. */
    private long watchMemory() {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(workload.seconds()) * 9 / 10;
        long most = 0;
        while (System.nanoTime() - endNanos < 0) {
            most = Math.max(most, Memory.afterCollection().bytes());
        }
        return most;
    }
}
