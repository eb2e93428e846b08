package dev.millrace.benchmarks.sink;

import dev.millrace.benchmarks.Options;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;

/**
 * The sink as a process. Prints {@code ready <bootstrap servers>}; then takes commands on its input, one a line:
 * {@code report} prints what it has counted and clears the counts. It ends with its input.
 */
public final class SinkBroker {

    /** The topic it has. */
    public static final String TOPIC = "benchmark";

    private static final Uuid TOPIC_ID = new Uuid(0x6d696c6c72616365L, 0x73696e6bL);

    private SinkBroker() {}

    /**
     * Options as {@code name=value}: nodes, partitions, strict (judge every batch), spin (never sleep), delay (of each
     * answer, milliseconds), port (of the first node, 0 for any).
     */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void main(String[] args) throws IOException {
        Options options = Options.parse(
                Map.of("nodes", "1", "partitions", "4", "strict", "false", "spin", "false", "delay", "0", "port", "0"),
                args);
        Selector selector = Selector.open();
        int[] ports = new int[options.number("nodes")];
        for (int node = 0; node < ports.length; node++) {
            ServerSocketChannel server = ServerSocketChannel.open();
            int port = options.number("port") == 0 ? 0 : options.number("port") + node;
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_024);
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            ports[node] = ((InetSocketAddress) server.getLocalAddress()).getPort();
        }
        SinkTopology topology = new SinkTopology(TOPIC, TOPIC_ID, options.number("partitions"), ports);
        SinkSettings settings = new SinkSettings(
                options.flag("strict"), options.flag("spin"), TimeUnit.MILLISECONDS.toNanos(options.number("delay")));
        SinkCounts counts = new SinkCounts();
        SinkLoop loop = new SinkLoop(selector, settings, topology, counts);
        Thread commands = new Thread(() -> obey(loop, counts), "sink-commands");
        commands.setDaemon(true);
        commands.start();
        System.out.println("ready " + topology.bootstrapServers());
        loop.run();
    }

    @SuppressWarnings("SystemOut") // a command-line program
    private static void obey(SinkLoop loop, SinkCounts counts) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("report")) {
                    loop.execute(() -> {
                        System.out.println(counts.toJson());
                        counts.clear();
                    });
                }
            }
        } catch (IOException e) {
            System.err.println("sink: no more commands: " + e);
        }
        System.exit(0);
    }
}
