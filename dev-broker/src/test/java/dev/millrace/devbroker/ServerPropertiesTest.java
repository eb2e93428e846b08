package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerPropertiesTest {
    private static final BrokerRelease NEWEST = BrokerRelease.among(List.of(Path.of("kafka_2.13-4.3.1.jar")));
    private static final BrokerRelease OLD = BrokerRelease.among(List.of(Path.of("kafka_2.13-2.8.2.jar")));

    @Test
    void everyNodeVotesAndListensOnItsOwnPort() {
        try (ClusterPorts ports = ClusterPorts.lease(settings(3, Map.of(), Map.of()))) {
            Map<String, String> second =
                    ServerProperties.render(settings(3, Map.of(), Map.of()), NEWEST, ports, 2, Path.of("/data"));

            assertThat(second)
                    .containsEntry("node.id", "2")
                    .containsEntry("log.dirs", Path.of("/data").toString())
                    .containsEntry("advertised.listeners", "PLAINTEXT://" + ports.address(2, "PLAINTEXT"))
                    .containsEntry(
                            "controller.quorum.voters",
                            "1@%s,2@%s,3@%s"
                                    .formatted(
                                            ports.address(1, "CONTROLLER"),
                                            ports.address(2, "CONTROLLER"),
                                            ports.address(3, "CONTROLLER")));
        }
    }

    @Test
    void replicatesOnUpToThreeNodesAndToleratesTheLossOfOneOfThree() {
        assertThat(render(1))
                .containsEntry("default.replication.factor", "1")
                .containsEntry("min.insync.replicas", "1");
        assertThat(render(2))
                .containsEntry("default.replication.factor", "2")
                .containsEntry("min.insync.replicas", "1");
        assertThat(render(5))
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("transaction.state.log.min.isr", "2");
    }

    @Test
    void theUsersSettingsWinOverOurDefaults() {
        ClusterSettings settings = settings(1, Map.of(), Map.of("num.partitions", "9", "message.max.bytes", "100"));
        try (ClusterPorts ports = ClusterPorts.lease(settings)) {
            assertThat(ServerProperties.render(settings, NEWEST, ports, 1, Path.of("/data")))
                    .containsEntry("num.partitions", "9")
                    .containsEntry("message.max.bytes", "100");
        }
    }

    @Test
    void anAdditionalListenerHasItsOwnPortAndProtocol() {
        ClusterSettings settings = settings(1, Map.of("SECURE", DevListener.ofProtocol("SASL_SSL")), Map.of());
        try (ClusterPorts ports = ClusterPorts.lease(settings)) {
            Map<String, String> properties = ServerProperties.render(settings, NEWEST, ports, 1, Path.of("/data"));

            assertThat(properties.get("listeners")).contains("SECURE://" + ports.address(1, "SECURE"));
            assertThat(properties.get("advertised.listeners"))
                    .contains("SECURE://" + ports.address(1, "SECURE"))
                    .doesNotContain("CONTROLLER");
            assertThat(properties.get("listener.security.protocol.map")).endsWith("SECURE:SASL_SSL");
        }
    }

    @Test
    void aReleaseBeforeTheQuorumIsToldWhereZooKeeperIs() {
        ClusterSettings settings = settings(3, Map.of(), Map.of());
        try (ClusterPorts ports = ClusterPorts.lease(settings)) {
            assertThat(ServerProperties.render(settings, OLD, ports, 2, Path.of("/data")))
                    .containsEntry("broker.id", "2")
                    .containsEntry("zookeeper.connect", ports.zooKeeperAddress())
                    .containsEntry("listeners", "PLAINTEXT://" + ports.address(2, "PLAINTEXT"))
                    .doesNotContainKeys("process.roles", "node.id", "controller.quorum.voters");
        }
    }

    @Test
    void settingsThatTheClusterDecidesAreRefused() {
        assertThatThrownBy(() -> DevCluster.builder().brokerSetting("listeners", "PLAINTEXT://:9092"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("listeners");
    }

    private static Map<String, String> render(int nodes) {
        ClusterSettings settings = settings(nodes, Map.of(), Map.of());
        try (ClusterPorts ports = ClusterPorts.lease(settings)) {
            return ServerProperties.render(settings, NEWEST, ports, 1, Path.of("/data"));
        }
    }

    private static ClusterSettings settings(
            int nodes, Map<String, DevListener> listeners, Map<String, String> ofTheUser) {
        return new ClusterSettings(
                nodes,
                0,
                4,
                true,
                256,
                List.of(),
                Duration.ofSeconds(1),
                null,
                null,
                true,
                listeners,
                new ClusterAccess(Map.of(), false, Set.of()),
                ofTheUser);
    }
}
