package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.ProducerState;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real broker keeps the sequences of partitions the producer has given up as idle. */
@WithDevCluster
class IdleTopicIT {

    private static final Duration MAX_IDLE = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;

    @Test
    @Tag("row-54")
    @Timeout(120)
    void partitionThatIsUsedAgainStartsInALaterEpoch(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        List<String> sent = new ArrayList<>();
        List<ProducerState> states = new ArrayList<>();
        try (Producer<String, String> producer =
                Clients.openText(Clients.config(cluster).metadataMaxIdle(MAX_IDLE))) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < 3; i++) {
                    String value = "round " + round + " record " + i;
                    sent.add(value);
                    RecordMetadata written = Clients.get(producer.send(new ProducerRecord<>(topic, value)));
                    assertThat(written.offset()).isEqualTo(sent.size() - 1);
                }
                states.addAll(Reference.activeProducers(cluster, topic, 0));
                letPass(MAX_IDLE.multipliedBy(2).plusSeconds(1));
            }
        }
        assertThat(Reference.readValues(cluster, topic)).isEqualTo(sent);
        assertThat(states).extracting(ProducerState::producerEpoch).containsExactly(0, 1, 2);
        assertThat(states).extracting(ProducerState::lastSequence).containsExactly(2, 2, 2);
        assertThat(states)
                .extracting(ProducerState::producerId)
                .containsOnly(states.get(0).producerId());
    }

    private static void letPass(Duration time) throws Exception {
        new CompletableFuture<Void>()
                .completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS)
                .get();
    }
}
