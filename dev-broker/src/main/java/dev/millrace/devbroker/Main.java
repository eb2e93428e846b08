package dev.millrace.devbroker;

import java.io.IOException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/** Runs a cluster from the command line until it is interrupted. */
public final class Main {
    private static final int WRONG_USAGE = 2;
    private static final int NOT_STARTED = 1;

    private Main() {}

    /**
     * Starts the cluster, prints its bootstrap servers in one line and, for secured listeners, the
     * properties of a client, and waits.
     *
     * @param args {@code [--nodes n] [--port base] [--topic name:partitions] [--setting name=value] [--directory path]
     *     [--security tls|mtls|sasl|sasl-tls] [--user name:password]}
     * @throws InterruptedException when the main thread is interrupted
     * @throws IOException if standard output cannot be written
     */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws InterruptedException, IOException {
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
            for (MainOptions.ClientSettings client : options.clients()) {
                System.out.println();
                Properties properties = new Properties();
                properties.putAll(client.of(cluster));
                properties.store(System.out, null);
            }
            new CountDownLatch(1).await();
        } catch (DevClusterException e) {
            System.err.println(e.getMessage());
            System.exit(NOT_STARTED);
        }
    }
}
