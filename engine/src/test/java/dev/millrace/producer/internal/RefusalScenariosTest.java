package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Brokers and client do not accept each other. */
class RefusalScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final BrokerAddress FIRST = new BrokerAddress("b1", 9092);
    private static final BrokerAddress SECOND_ADDRESS = new BrokerAddress("b2", 9092);

    private static TlsHandshakeException refusal() {
        return new TlsHandshakeException(
                "TLS handshake with b1:9092 failed: not trusted; add the authority",
                FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION),
                null);
    }

    @Test
    void aClusterThatWasNeverReachedFailsRecordsAtOnce() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config);
        sim.cluster.topic(TOPIC, 1);
        sim.network.refuse(FIRST, refusal());

        Sent early = sim.send(0, "early");
        sim.loop.advance(Duration.ofMillis(100));
        Sent late = sim.send(0, "late");
        sim.loop.advance(Duration.ofMillis(100));

        for (Sent each : sim.sent) {
            assertThat(each.failure())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("topic=orders cause=TLS handshake with b1:9092 failed: not trusted");
            assertThat(each.failure().recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION);
            assertThat(each.failure().stage()).isEqualTo(Stage.METADATA);
            assertThat(each.failure().mayHaveBeenWritten()).isFalse();
        }
        assertThat(early).isNotSameAs(late);
        sim.loop.advance(SECOND.multipliedBy(60));
        assertThat(sim.network.attempts()).as("no storm").hasSizeLessThan(8);
    }

    @Test
    void isReachedOnceItIsRightAndAChangeEndsThePause() {
        SimulatedProducer sim = new SimulatedProducer(1, config -> config);
        sim.cluster.topic(TOPIC, 1);
        sim.network.refuse(FIRST, refusal());
        sim.send(0, "refused");
        sim.loop.advance(SECOND.multipliedBy(40));
        sim.network.accept(FIRST);

        sim.metadata.connectionCommons().renewal().renewAll("new keys");
        sim.loop.advance(Duration.ofMillis(10));
        Sent next = sim.send(0, "next");
        sim.loop.advance(SECOND);

        assertThat(next.isDelivered()).isTrue();
    }

    @Test
    void waitsWhileAnotherBootstrapServerMayAccept() {
        SimulatedProducer sim = new SimulatedProducer(2, config -> config.bootstrapServers("b1:9092", "b2:9092"));
        sim.cluster.topic(TOPIC, 2);
        sim.network.refuse(FIRST, refusal());

        Sent record = sim.send(0, "r");
        sim.loop.advance(SECOND);

        assertThat(record.isDelivered()).isTrue();
        assertThat(sim.network.attempts()).contains(FIRST, SECOND_ADDRESS);
    }

    @Test
    void onceReachedRecordsStayUntilTheirDeadlineAndNameTheRefusal() {
        SimulatedProducer sim = new SimulatedProducer(
                1, config -> config.requestTimeout(SECOND).deliveryTimeout(SECOND.multipliedBy(30)));
        sim.cluster.topic(TOPIC, 1);
        sim.send(0, "warm");
        sim.loop.advance(SECOND);
        sim.network.refuse(FIRST, refusal());
        sim.cluster.broker(1).closeConnections();

        Sent saved = sim.send(0, "saved");
        sim.loop.advance(SECOND.multipliedBy(20));
        assertThat(saved.isDone()).isFalse();
        sim.loop.advance(SECOND.multipliedBy(11));
        assertThat(saved.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("TLS handshake with b1:9092 failed: not trusted");

        Sent next = sim.send(0, "next");
        sim.network.accept(FIRST);
        sim.metadata.connectionCommons().renewal().renewAll("new keys");
        sim.loop.advance(SECOND.multipliedBy(5));
        assertThat(next.isDelivered()).isTrue();
    }
}
