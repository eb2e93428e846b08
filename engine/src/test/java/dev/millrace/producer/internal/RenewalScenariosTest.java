package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.observe.BatchRetry;
import dev.millrace.producer.observe.ProducerObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Connections are replaced while records flow. */
class RenewalScenariosTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final int NODES = 3;

    private final List<BatchRetry> retries = new ArrayList<>();
    private final ProducerObserver observer = new ProducerObserver() {
        @Override
        public void onBatchRetried(BatchRetry retry) {
            retries.add(retry);
        }
    };
    private final SimulatedProducer sim =
            SimulatedProducer.observedBy(observer, NODES, config -> config.linger(Duration.ZERO));

    @Test
    void renewalUnderLoadFailsRetriesAndReordersNothing() {
        sim.cluster.topic(TOPIC, 1, 2, 3);
        sim.cluster.onProduce(call -> {
            var unused = sim.loop.schedule(Duration.ofMillis(7).toNanos(), call::appendAndAnswer);
        });
        sendFor(50);
        int connections = connections();
        int attempts = sim.network.attempts().size();
        int most = 0;
        sim.metadata.connectionCommons().renewal().renewAll("test");

        for (int i = 0; i < 300; i++) {
            sendFor(1);
            most = Math.max(most, connections - connections());
        }
        sim.loop.advance(Duration.ofSeconds(1));

        assertThat(sim.network.attempts()).hasSize(attempts + connections);
        assertThat(connections()).isEqualTo(connections);
        assertThat(most).isLessThanOrEqualTo(1);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(retries).isEmpty();
        List<String> logged = new ArrayList<>();
        for (int partition = 0; partition < NODES; partition++) {
            int number = partition;
            List<String> expected = SimulatedProducer.values(sim.sent.stream()
                    .filter(each -> Objects.equals(each.partition, number))
                    .toList());
            assertThat(sim.log(partition)).isEqualTo(expected);
            logged.addAll(expected);
        }
        assertThat(logged).hasSameSizeAs(sim.sent);
        CompletableFuture<PipelineSnapshot> snapshot = sim.producer.snapshot();
        sim.loop.runReady();
        assertThat(snapshot.join().nodes()).allMatch(node -> node.state().equals("READY"));
    }

    private void sendFor(int millis) {
        for (int i = 0; i < millis; i++) {
            for (int partition = 0; partition < NODES; partition++) {
                sim.send(partition, "r" + sim.sent.size());
            }
            sim.loop.advance(MILLI);
        }
    }

    private int connections() {
        int open = 0;
        for (int node = 1; node <= NODES; node++) {
            open += sim.cluster.broker(node).connections();
        }
        return open;
    }
}
