package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.junit.WithDevCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@WithDevCluster(dedicated = true)
@Timeout(120)
class DevClusterIT {
    private final DevCluster cluster;
    private final String topic = Kafka.newTopic();

    DevClusterIT(DevCluster cluster) {
        this.cluster = cluster;
    }

    @AfterEach
    void everyTestLeavesARunningNode() {
        cluster.resume(1);
        cluster.start();
    }

    @Test
    void createsATopicOnFirstUseAndKeepsWhatIsWritten() throws Exception {
        Kafka.produce(cluster, topic, Kafka.values(20));

        assertThat(Kafka.readAll(cluster, topic)).containsExactlyInAnyOrder(Kafka.values(20));
    }

    @Test
    void createsATopicAsAskedAndDeletesIt() throws Exception {
        cluster.createTopic(topic, 3, 1, Map.of("cleanup.policy", "compact"));

        try (KafkaProducer<String, String> producer = Kafka.producer(cluster)) {
            assertThat(producer.partitionsFor(topic)).hasSize(3);
        }
        cluster.deleteTopic(topic);
        cluster.createTopic(topic, 1, 1, Map.of());
    }

    @Test
    void saysWhyATopicCannotBeCreated() {
        assertThatThrownBy(() -> cluster.createTopic(topic, 1, 3, Map.of()))
                .isInstanceOf(DevClusterException.class)
                .hasMessageContaining(topic)
                .hasMessageContaining("replicationFactor=3")
                .hasMessageContaining("InvalidReplicationFactorException");
    }

    @Test
    void keepsAddressAndDataWhenItIsKilledAndStarted() throws Exception {
        String address = cluster.bootstrapServers();
        Kafka.produce(cluster, topic, "before");

        cluster.kill(1);
        assertThat(cluster.isRunning(1)).isFalse();
        cluster.start(1);

        assertThat(cluster.isRunning(1)).isTrue();
        assertThat(cluster.bootstrapServers()).isEqualTo(address);
        Kafka.produce(cluster, topic, "after");
        assertThat(Kafka.readAll(cluster, topic)).containsExactlyInAnyOrder("before", "after");
    }

    @Test
    void shutsDownInOrderWhenItIsStopped() throws Exception {
        Kafka.produce(cluster, topic, "kept");

        cluster.restart(1);

        assertThat(Files.readString(cluster.logFile(1))).contains("Graceful shutdown completed");
        assertThat(Kafka.readAll(cluster, topic)).containsExactly("kept");
    }

    @Test
    void answersNothingWhilePausedAndGoesOnWhenResumed() {
        cluster.createTopic(topic, 1, 1, Map.of());
        try (KafkaProducer<String, String> producer = Kafka.producer(cluster)) {
            producer.partitionsFor(topic);
            cluster.pause(1);
            Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, "waits"));

            await().during(Duration.ofMillis(500)).atMost(Duration.ofSeconds(5)).until(() -> !sent.isDone());
            assertThat(cluster.isRunning(1)).isTrue();
            cluster.resume(1);

            assertThat(sent).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void stopsAPausedNode() {
        cluster.pause(1);

        cluster.kill(1);

        assertThat(cluster.isRunning(1)).isFalse();
    }

    @Test
    @SuppressWarnings("try") // closing twice is what is tested
    void sharesNothingWithAnotherCluster() throws Exception {
        Path ofOther;
        try (DevCluster other = DevCluster.builder().start()) {
            ofOther = other.logFile(1).resolve("../..").normalize();
            assertThat(other.bootstrapServers()).isNotEqualTo(cluster.bootstrapServers());
            Kafka.produce(other, topic, "there");
            Kafka.produce(cluster, topic, "here");
            assertThat(Kafka.readAll(other, topic)).containsExactly("there");

            other.close();
            assertThatThrownBy(other::bootstrapServers).hasMessageContaining("closed");
        }
        assertThat(ofOther).doesNotExist();
    }
}
