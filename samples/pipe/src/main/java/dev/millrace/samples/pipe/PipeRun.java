package dev.millrace.samples.pipe;

import dev.millrace.producer.Producer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** One run of the pipe with what the user sees of it: progress, summary, Ctrl-C and exit code. */
final class PipeRun {
    private static final int OK = 0;
    private static final int NOT_ALL_ACKNOWLEDGED = 1;

    private final Producer<byte[], byte[]> producer;
    private final Pipe pipe;
    private final Tally tally = new Tally();
    private final PrintStream messages;
    private final Progress progress;

    private final long startNanos = System.nanoTime();
    private final AtomicBoolean finished = new AtomicBoolean();

    /** Takes over the producer. */
    PipeRun(Producer<byte[], byte[]> producer, RecordFormat format, int maxLineBytes, PrintStream messages) {
        this.producer = producer;
        this.messages = messages;
        this.pipe = new Pipe(producer, format, maxLineBytes, tally);
        this.progress = Progress.start(messages, tally);
    }

    /** Publishes all lines and returns the exit code. */
    int publish(InputStream in) {
        Thread onInterrupt = new Thread(this::finishEarly, "pipe-interrupt");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        boolean isRead = false;
        try {
            pipe.run(in);
            isRead = !tally.isHopeless();
        } catch (IOException e) {
            messages.println("pipe: the input could not be read after line " + tally.read() + ": " + e);
        }
        finish(tally.isHopeless() ? "stopped after line " + tally.read() + ": the next lines would fail, too" : "");
        removeHook(onInterrupt);
        return isRead && tally.acknowledged() == tally.read() ? OK : NOT_ALL_ACKNOWLEDGED;
    }

    /** Ctrl-C: the main thread may wait for input for ever, so this thread delivers what was accepted. */
    private void finishEarly() {
        pipe.stop();
        finish("interrupted after line " + tally.read());
    }

    private void finish(String remark) {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        producer.close();
        progress.close();
        if (!remark.isEmpty()) {
            messages.println("pipe: " + remark);
        }
        tally.failures().forEach(failure -> messages.println("pipe: failed: " + failure));
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        messages.printf(
                Locale.ROOT,
                "pipe: %,d lines, %,d acknowledged, %,d failed in %.2f s (%,.0f lines/s, %.1f MB/s)%n",
                tally.read(),
                tally.acknowledged(),
                tally.failed(),
                seconds,
                tally.acknowledged() / seconds,
                tally.readBytes() / seconds / 1e6);
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // Ctrl-C came after the last line; the hook finds a finished run.
            return;
        }
    }
}
