package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static dev.millrace.producer.Clients.openText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three brokers, two of which must have a record: every one of them may go and come back under load. */
@WithDevCluster(nodes = 3, autoCreateTopics = false)
@Timeout(180)
class ReplicatedFaultsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @BeforeEach
    void wholeCluster(DevCluster cluster) {
        cluster.start(); // what a failed test left dead
    }

    @Test
    @Tag("row-74")
    @Tag("row-75")
    void losesAndDoublesNothingWhenLeadersGoAndComeBack(DevCluster cluster) throws Exception {
        String topic = Reference.newTopicName();
        cluster.createTopic(topic, 3, 3, Map.of("min.insync.replicas", "2"));
        try (Producer<Integer, Integer> producer = Producers.open(
                config(cluster).requestTimeout(Duration.ofSeconds(5)).build(),
                Serializers.integers(),
                Serializers.integers())) {
            SteadyLoad load = SteadyLoad.on(producer, topic);

            int leader = get(producer.partitionsFor(topic)).get(0).leader();
            cluster.kill(leader);
            load.awaitMore(500);
            cluster.start(leader);
            cluster.awaitReady(LIMIT);
            load.awaitMore(500);
            for (int node = 1; node <= cluster.nodes(); node++) {
                cluster.restart(node);
                cluster.awaitReady(LIMIT);
                load.awaitMore(500);
            }

            load.stopAndJudge(cluster);
        }
    }

    @Test
    @Tag("row-64")
    void saysThatReplicasAreMissing(DevCluster cluster) throws Exception {
        String topic = Reference.newTopicName();
        cluster.createTopic(topic, 1, 3, Map.of("min.insync.replicas", "3"));
        String healthy = Reference.newTopicName();
        cluster.createTopic(healthy, 1, 3, Map.of("min.insync.replicas", "2"));
        cluster.stop(3);
        cluster.awaitReady(LIMIT);
        ProducerConfig.Builder impatient =
                config(cluster).requestTimeout(Duration.ofMillis(500)).deliveryTimeout(Duration.ofSeconds(2));
        try (Producer<String, String> inTime = openText(impatient);
                Producer<String, String> threeTimes =
                        openText(impatient.deliveryTimeout(LIMIT).retries(2))) {
            CompletableFuture<RecordMetadata> late = inTime.send(new ProducerRecord<>(topic, "value"));
            CompletableFuture<RecordMetadata> often = threeTimes.send(new ProducerRecord<>(topic, "value"));

            assertThat(get(inTime.send(new ProducerRecord<>(healthy, "value"))).hasOffset())
                    .isTrue();
            assertThat(late)
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(DeliveryTimeoutException.class, failure -> {
                        assertThat(failure.errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
                        assertThat(failure.mayHaveBeenWritten()).isFalse();
                        Fault.NOT_ENOUGH_REPLICAS.isToldBy(failure);
                    });
            assertThat(often)
                    .failsWithin(LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOfSatisfying(RetriableException.class, failure -> {
                        assertThat(failure.errorCode()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
                        Fault.RETRIES_EXHAUSTED.isToldBy(failure);
                    });
            cluster.start(3);
            cluster.awaitReady(LIMIT);
            assertThat(get(threeTimes.send(new ProducerRecord<>(healthy, "value")))
                            .hasOffset())
                    .isTrue();
        }
    }
}
