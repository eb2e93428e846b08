package dev.millrace.benchmarks.run;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** The next record when the last one is acknowledged. */
final class OneByOneLoop {

    private final Workload workload;
    private final Candidate.Sender sender;
    private final Samples samples;

    OneByOneLoop(Workload workload, Candidate candidate, Samples samples) {
        this.workload = workload;
        this.sender = candidate.sender();
        this.samples = samples;
    }

    void measure(Result result) {
        LongAdder warm = new LongAdder();
        WarmUp.run(workload.warmUpSeconds(), seconds -> warm.add(send(seconds).getTotalCount()));
        Usage before = Usage.now();
        Histogram histogram = send(workload.seconds());
        Usage used = Usage.now().since(before);
        result.usage(used, histogram.getTotalCount(), "record");
        result.number("allRecords", warm.sum() + histogram.getTotalCount());
        result.latencies(histogram);
    }

    private Histogram send(int seconds) {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        long begunNanos = System.nanoTime();
        long endNanos = begunNanos + TimeUnit.SECONDS.toNanos(seconds);
        for (long i = 0; begunNanos - endNanos < 0; i++) {
            sender.sendAndWait(samples.get(i));
            long now = System.nanoTime();
            histogram.recordValue(now - begunNanos);
            begunNanos = now;
        }
        return histogram;
    }
}
