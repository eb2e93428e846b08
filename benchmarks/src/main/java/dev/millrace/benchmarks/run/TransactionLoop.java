package dev.millrace.benchmarks.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** One transaction after the other, on any number of threads that each have a producer. */
final class TransactionLoop {

    private final Workload workload;
    private final String candidate;
    private final Samples samples;

    TransactionLoop(Workload workload, String candidate) {
        this.workload = workload;
        this.candidate = candidate;
        this.samples = new Samples(workload);
    }

    void measure(Result result) throws Exception {
        List<TransactionalCandidate> producers = new ArrayList<>();
        for (int i = 0; i < workload.concurrency(); i++) {
            producers.add(TransactionalCandidate.open(candidate, workload, i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(workload.concurrency());
        LongAdder warm = new LongAdder();
        WarmUp.run(
                workload.warmUpSeconds(),
                seconds -> warm.add(run(producers, threads, seconds).getTotalCount()));
        Usage before = Usage.now();
        Histogram histogram = run(producers, threads, workload.seconds());
        Usage used = Usage.now().since(before);
        result.usage(used, histogram.getTotalCount(), "transaction");
        result.number("allRecords", (warm.sum() + histogram.getTotalCount()) * workload.recordsPerTransaction());
        result.latencies(histogram);
        threads.shutdown();
        producers.forEach(TransactionalCandidate::close);
    }

    private Histogram run(List<TransactionalCandidate> producers, ExecutorService threads, int seconds) {
        Histogram histogram = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        CompletableFuture<?>[] loops = producers.stream()
                .map(each -> CompletableFuture.runAsync(() -> loop(each, histogram, endNanos), threads))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(loops).join();
        return histogram;
    }

    private void loop(TransactionalCandidate producer, Histogram histogram, long endNanos) {
        long begunNanos = System.nanoTime();
        long next = 0;
        while (begunNanos - endNanos < 0) {
            producer.begin();
            for (int i = 0; i < workload.recordsPerTransaction(); i++) {
                producer.send(samples.get(next++));
            }
            producer.commit();
            long now = System.nanoTime();
            histogram.recordValue(now - begunNanos);
            begunNanos = now;
        }
    }
}
