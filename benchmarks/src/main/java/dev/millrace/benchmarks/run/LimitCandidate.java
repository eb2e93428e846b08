package dev.millrace.benchmarks.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the bytes themselves cost: encodes the records into v2 batches, compresses, checksums and writes them, and reads the
 * acknowledgements. No futures, no queues, no retries; each thread has a connection of its own. Only for the sink, which
 * takes any partition on any node.
 */
final class LimitCandidate implements Candidate {

    private final Workload workload;
    private final List<LimitSender> senders = Collections.synchronizedList(new ArrayList<>());

    LimitCandidate(Workload workload) {
        this.workload = workload;
    }

    @Override
    public Sender sender() {
        try {
            LimitSender sender = new LimitSender(workload);
            senders.add(sender);
            return sender;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void flush() {
        senders.forEach(LimitSender::flush);
    }

    @Override
    public void close() {
        senders.forEach(LimitSender::close);
    }
}
