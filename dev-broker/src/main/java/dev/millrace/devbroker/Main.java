package dev.millrace.devbroker;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Runs a cluster from the command line until it is interrupted. */
public final class Main {
    private static final int WRONG_USAGE = 2;
    private static final int NOT_STARTED = 1;

    private Main() {}

    /**
     * Starts the cluster, prints its bootstrap servers in one line, and waits.
     *
     * @param args {@code [--nodes n] [--port base] [--topic name:partitions] [--setting name=value] [--directory path]}
     * @throws InterruptedException when the main thread is interrupted
     */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws InterruptedException {
        MainOptions options;
        try {
            options = MainOptions.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(MainOptions.USAGE);
            System.exit(WRONG_USAGE);
            return;
        }
        try (DevCluster cluster = options.cluster().start()) {
            for (MainOptions.Topic topic : options.topics()) {
                cluster.createTopic(topic.name(), topic.partitions(), Math.min(3, options.nodes()), Map.of());
            }
            System.out.println(cluster.bootstrapServers());
            new CountDownLatch(1).await();
        } catch (DevClusterException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_STARTED);
        }
    }
}
