package dev.millrace.samples.pipe;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;

/** One line on a terminal, written again and again. */
final class ProgressLine extends TimerTask implements Progress {
    private static final int PERIOD_MILLIS = 200;
    private static final String START_OF_LINE = "\r\u001b[K";

    private final PrintStream terminal;
    private final Tally tally;
    private final long startNanos = System.nanoTime();
    private final Timer timer = new Timer("pipe-progress", true);

    /** Guarded by this object, so that nothing is printed after the line was wiped. */
    private boolean closed;

    private ProgressLine(PrintStream terminal, Tally tally) {
        this.terminal = terminal;
        this.tally = tally;
    }

    static ProgressLine start(PrintStream terminal, Tally tally) {
        ProgressLine line = new ProgressLine(terminal, tally);
        line.timer.schedule(line, PERIOD_MILLIS, PERIOD_MILLIS);
        return line;
    }

    @Override
    public synchronized void run() {
        if (closed) {
            return;
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        terminal.printf(
                Locale.ROOT,
                START_OF_LINE + "%,d lines  %,.0f/s  %,d pending  %,d failed",
                tally.acknowledged(),
                tally.acknowledged() / seconds,
                tally.pending(),
                tally.failed());
        terminal.flush();
    }

    /** Wipes the line. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.cancel();
        terminal.print(START_OF_LINE);
        terminal.flush();
    }
}
