package dev.millrace.benchmarks.run;

import dev.millrace.benchmarks.Pace;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Records at a fixed rate, whether the candidate keeps up or not. A latency counts from when the record was to be sent, so a
 * candidate that stalls is charged for every record that had to wait.
 */
final class OpenLoop {

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Workload workload;
    private final Candidate candidate;
    private final Samples samples;
    private final OutcomeCounter counter;

    OpenLoop(Workload workload, Candidate candidate, Samples samples, OutcomeCounter counter) {
        this.workload = workload;
        this.candidate = candidate;
        this.samples = samples;
        this.counter = counter;
    }

    /** One record's way, from its intended beginning. */
    private static final class Timed extends Outcome {
        private final long dueNanos;
        private final Histogram histogram;
        private final OutcomeCounter counter;

        Timed(long dueNanos, Histogram histogram, OutcomeCounter counter) {
            this.dueNanos = dueNanos;
            this.histogram = histogram;
            this.counter = counter;
        }

        @Override
        void ended(boolean failed) {
            histogram.recordValue(Math.min(LONGEST_NANOS, Math.max(0, System.nanoTime() - dueNanos)));
            counter.ended(failed);
        }
    }

    void measure(Result result) {
        Candidate.Sender sender = candidate.sender();
        LongAdder warm = new LongAdder();
        WarmUp.run(
                workload.warmUpSeconds(),
                seconds -> warm.add(send(sender, seconds, new ConcurrentHistogram(LONGEST_NANOS, 3))));
        candidate.flush();
        Histogram histogram = new ConcurrentHistogram(LONGEST_NANOS, 3);
        Usage before = Usage.now();
        long records = send(sender, workload.seconds(), histogram);
        candidate.flush();
        Usage used = Usage.now().since(before);
        result.usage(used, records, "record");
        result.number("allRecords", warm.sum() + records);
        result.latencies(histogram);
    }

    private long send(Candidate.Sender sender, int seconds, Histogram histogram) {
        Pace pace = new Pace(workload.rate());
        long records = (long) workload.rate() * seconds;
        long latestNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds) * 2; // for one who does not keep up
        long sent = 0;
        while (sent < records && System.nanoTime() - latestNanos < 0) {
            long dueNanos = pace.await(sent);
            sender.send(samples.get(sent), new Timed(dueNanos, histogram, counter));
            sent++;
        }
        return sent;
    }
}
