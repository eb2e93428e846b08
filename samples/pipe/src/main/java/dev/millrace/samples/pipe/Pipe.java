package dev.millrace.samples.pipe;

import dev.millrace.producer.Producer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends lines in their order until the input ends, somebody stops it or a failure concerns every line to come.
 *
 * <p>Memory is bounded by the engine's buffer: a send waits while it is full, and so nothing more is read.
 */
final class Pipe {
    private final Producer<byte[], byte[]> producer;
    private final RecordFormat format;
    private final int maxLineBytes;
    private final Tally tally;

    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, so that no line is sent once {@link #stop} has returned. */
    private boolean stopped;

    Pipe(Producer<byte[], byte[]> producer, RecordFormat format, int maxLineBytes, Tally tally) {
        this.producer = producer;
        this.format = format;
        this.maxLineBytes = maxLineBytes;
        this.tally = tally;
    }

    /** Sends all lines and waits for their results. */
    void run(InputStream in) throws IOException {
        LineReader lines = new LineReader(in, maxLineBytes);
        try {
            for (Line line = lines.next(); line != null && accept(line); line = lines.next()) {
                if (tally.isHopeless()) {
                    return;
                }
            }
        } finally {
            flush();
        }
    }

    /** Sends nothing any more. What was accepted before is still delivered. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean accept(Line line) {
        lock.lock();
        try {
            if (!stopped) {
                tally.read(line);
                send(line);
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything the future would tell
    private void send(Line line) {
        if (line.isCut()) {
            tally.tooLong(line, maxLineBytes);
            return;
        }
        long number = line.number();
        producer.send(format.toRecord(line.bytes()), (metadata, failure) -> tally.completed(number, failure));
    }

    private void flush() {
        lock.lock();
        try {
            if (stopped) {
                return; // whoever stopped us closes the producer, and that delivers what is left
            }
        } finally {
            lock.unlock();
        }
        producer.flush();
    }
}
