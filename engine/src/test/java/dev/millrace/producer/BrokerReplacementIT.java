package dev.millrace.producer;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Row 23 on real brokers: every one of them comes back with its data at another address. */
@Timeout(240)
class BrokerReplacementIT {

    private static final int NODES = 3;

    @Test
    @Tag("row-23")
    void losesAndDoublesNothingWhenEveryBrokerMoves(@TempDir Path data) throws Exception {
        int laterPort = freePorts();
        String topic = Reference.newTopicName();
        DevCluster before = cluster(data).start();
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(before.bootstrapServers(), "127.0.0.1:" + laterPort)
                .requestTimeout(Duration.ofSeconds(5))
                .build();
        try (Producer<Integer, Integer> producer =
                Producers.open(config, Serializers.integers(), Serializers.integers())) {
            SteadyLoad load;
            try (before) {
                before.createTopic(topic, 3, NODES, Map.of("min.insync.replicas", "2"));
                load = SteadyLoad.on(producer, topic);
                load.awaitMore(500);
            }
            try (DevCluster after = cluster(data).basePort(laterPort).start()) {
                load.awaitMore(1000);
                load.stopAndJudge(after);
            }
        }
    }

    private static DevClusterBuilder cluster(Path data) {
        return DevCluster.builder().nodes(NODES).autoCreateTopics(false).directory(data);
    }

    /** The first of three ports in a row that are free now. */
    private static int freePorts() throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            int first = freePort(0);
            boolean othersFree = first + NODES <= 65_535;
            for (int next = first + 1; othersFree && next < first + NODES; next++) {
                othersFree = freePort(next) == next;
            }
            if (othersFree) {
                return first;
            }
        }
        throw new AssertionError("no " + NODES + " free ports in a row");
    }

    /** The port if it is free, else -1; any free one for 0. */
    private static int freePort(int wanted) throws IOException {
        try (ServerSocket probe = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (BindException e) {
            return -1;
        }
    }
}
