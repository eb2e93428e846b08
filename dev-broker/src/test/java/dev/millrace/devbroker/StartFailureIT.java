package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StartFailureIT {
    @Test
    void repeatsTheBrokersOwnComplaintAboutASetting() {
        try (DevCluster cluster =
                DevCluster.builder().brokerSetting("num.io.threads", "many").build()) {
            assertThatThrownBy(cluster::start)
                    .isInstanceOf(DevClusterException.class)
                    .hasMessageContaining("node=1")
                    .hasMessageContaining("exit code=1")
                    .hasMessageContaining("Invalid value many for configuration num.io.threads")
                    .hasMessageContaining("correct the broker setting");
        }
    }

    @Test
    void namesTheJvmArgumentThatTheJvmRefuses() {
        try (DevCluster cluster =
                DevCluster.builder().jvmArguments("-XX:+NoSuchThing").build()) {
            assertThatThrownBy(cluster::start).hasMessageContaining("NoSuchThing");
        }
    }

    @Test
    void refusesABasePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DevCluster cluster = DevCluster.builder()
                        .basePort(Math.min(taken.getLocalPort(), 65_526))
                        .build()) {
            assertThatThrownBy(cluster::start).hasMessageContaining("port in use: 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void keepsADirectoryOfTheCallersWithItsData(@TempDir Path directory) throws Exception {
        String topic = Kafka.newTopic();
        try (DevCluster cluster = DevCluster.builder().directory(directory).start()) {
            Kafka.produce(cluster, topic, "kept");
        }
        assertThat(Files.exists(directory.resolve("node-1/broker.log"))).isTrue();

        try (DevCluster cluster = DevCluster.builder().directory(directory).start()) {
            assertThat(Kafka.readAll(cluster, topic)).containsExactly("kept");
        }
    }
}
