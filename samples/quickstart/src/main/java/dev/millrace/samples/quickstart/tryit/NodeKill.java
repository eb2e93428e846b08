package dev.millrace.samples.quickstart.tryit;

import dev.millrace.devbroker.DevCluster;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Kills a node at a quarter of the time and starts it again at the half. */
final class NodeKill {
    private final DevCluster cluster;
    private final int node;
    private final Ledger ledger;
    private final PrintStream out;

    private final long startNanos = System.nanoTime();

    NodeKill(DevCluster cluster, int node, Ledger ledger, PrintStream out) {
        this.cluster = cluster;
        this.node = node;
        this.ledger = ledger;
        this.out = out;
    }

    /** Returns at once; the future completes when the node serves again. */
    CompletableFuture<Void> during(Duration duration) {
        return CompletableFuture.runAsync(this::kill, after(duration.dividedBy(4)))
                .thenRunAsync(this::start, after(duration.dividedBy(4)));
    }

    private void kill() {
        cluster.kill(node);
        tell("node " + node + " killed (kill -9), the leader of partition 0");
    }

    private void start() {
        tell("node " + node + " is being started");
        cluster.start(node);
        tell("node " + node + " serves again");
    }

    private void tell(String what) {
        out.printf(
                Locale.ROOT,
                "  %5.1f s  %,6d acknowledged  %s%n",
                (System.nanoTime() - startNanos) / 1e9,
                ledger.acknowledged(),
                what);
    }

    private static Executor after(Duration delay) {
        return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
    }
}
