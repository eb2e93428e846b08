package dev.millrace.benchmarks.sink;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** The one thread of the sink: accepts, reads, answers. */
final class SinkLoop {

    private final Selector selector;
    private final SinkSettings settings;
    private final ProduceAnswer produce;
    private final OtherAnswers others;
    private final SinkCounts counts;
    private final Set<SinkConnection> connections = new HashSet<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    SinkLoop(Selector selector, SinkSettings settings, SinkTopology topology, SinkCounts counts) {
        this.selector = selector;
        this.settings = settings;
        this.counts = counts;
        this.produce = new ProduceAnswer(topology, settings.strict() ? new StrictCheck() : BatchCheck.NONE, counts);
        this.others = new OtherAnswers(topology);
    }

    /** Runs a task between two requests. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Serves until the process ends. */
    void run() throws IOException {
        long waitNanos = -1;
        while (true) {
            if (settings.spin()) {
                selector.selectNow(this::onReady);
            } else if (waitNanos < 0) {
                selector.select(this::onReady);
            } else {
                selector.select(this::onReady, Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            waitNanos = settings.delayNanos() > 0 ? release() : -1;
        }
    }

    private long release() {
        long least = -1;
        for (SinkConnection connection : Set.copyOf(connections)) {
            try {
                long wait = connection.release();
                least = wait >= 0 && (least < 0 || wait < least) ? wait : least;
            } catch (IOException gone) {
                close(connection);
            }
        }
        return least;
    }

    private void onReady(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((ServerSocketChannel) key.channel());
                return;
            }
            SinkConnection connection = (SinkConnection) key.attachment();
            try {
                if (key.isReadable() && !connection.serve()) {
                    close(connection);
                    return;
                }
                boolean done = !connection.hasOutput() || connection.write();
                key.interestOps(done ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            } catch (IOException gone) {
                close(connection);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the sink cannot accept", e);
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        SocketChannel channel = server.accept();
        channel.configureBlocking(false);
        channel.socket().setTcpNoDelay(true);
        SinkConnection connection = new SinkConnection(channel, produce, others, counts, settings.delayNanos());
        connections.add(connection);
        counts.connections++;
        channel.register(selector, SelectionKey.OP_READ, connection);
    }

    private void close(SinkConnection connection) {
        connections.remove(connection);
        try {
            connection.channel().close();
        } catch (IOException e) {
            System.err.println("sink: closing failed: " + e);
        }
    }
}
