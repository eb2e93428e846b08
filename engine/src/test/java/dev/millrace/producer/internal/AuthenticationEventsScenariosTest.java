package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.observe.AuthenticationEnd;
import dev.millrace.producer.security.SaslMechanism;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an observer hears of brokers that believe a client, and of those that do not. */
class AuthenticationEventsScenariosTest {

    private static final BrokerAddress BROKER = new BrokerAddress("b1", 9092);

    private final RecordedEvents events = new RecordedEvents();
    private final ChangingCredentials credentials = new ChangingCredentials("me", "secret");

    private SimulatedProducer open(UnaryOperator<ProducerConfig.Builder> config) {
        SimulatedProducer sim =
                SimulatedProducer.observedBy(events, 1, each -> config.apply(each.linger(Duration.ZERO)));
        sim.cluster.topic(TOPIC, 1);
        return sim;
    }

    private SimulatedSasl authenticates(SimulatedProducer sim) {
        SimulatedSasl sasl = new SimulatedSasl(sim.loop, "PLAIN").user("me", "secret");
        sim.cluster.broker(1).authenticates(sasl);
        return sasl;
    }

    private ProducerConfig.Builder plain(ProducerConfig.Builder config) {
        return config.securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.PLAIN)
                .saslCredentials(credentials);
    }

    private List<AuthenticationEnd> ends() {
        return events.of(AuthenticationEnd.class);
    }

    @Test
    @Tag("row-114")
    void aLoginIsToldAndEachRenewalOfItsSession() {
        SimulatedProducer sim = open(this::plain);
        authenticates(sim).sessions(Duration.ofSeconds(10)).answersAfter(Duration.ofMillis(20));
        sim.send(0, "r");
        sim.loop.advance(Duration.ofMillis(500));
        AuthenticationEnd first = events.only(AuthenticationEnd.class);
        sim.loop.advance(Duration.ofSeconds(20));

        assertThat(first.node()).isOne();
        assertThat(first.address()).isEqualTo("b1:9092");
        assertThat(first.renewal()).isFalse();
        assertThat(first.latencyNanos()).isEqualTo(Duration.ofMillis(40).toNanos());
        assertThat(first.failure()).isNull();
        assertThat(ends()).hasSize(3);
        assertThat(ends().subList(1, 3))
                .containsOnly(new AuthenticationEnd(
                        1, "b1:9092", true, Duration.ofMillis(40).toNanos(), null));
    }

    @Test
    void aRefusalIsToldWithItsReasonAndWhetherItEndedASession() {
        SimulatedProducer sim = open(this::plain);
        SimulatedSasl sasl = authenticates(sim).sessions(Duration.ofSeconds(10));
        sim.sendAlone(0, "r");
        sasl.user("me", "another");
        sim.loop.advance(Duration.ofSeconds(10));
        sim.send(0, "waits");
        sim.loop.advance(Duration.ofSeconds(2));

        assertThat(ends()).extracting(AuthenticationEnd::renewal).startsWith(false, true, false);
        assertThat(ends().get(0).failure()).isNull();
        assertThat(ends().subList(1, ends().size())).allSatisfy(end -> assertThat(end.failure())
                .contains("Invalid username or password")
                .doesNotContain("secret"));
    }

    @Test
    void aTlsHandshakeIsAnAuthentication() {
        SimulatedProducer sim = open(config -> config);
        sim.network.encrypt();
        sim.sendAlone(0, "r");
        sim.network.refuse(
                BROKER,
                new TlsHandshakeException(
                        "not trusted", FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION), null));
        sim.cluster.broker(1).closeConnections();
        sim.send(0, "waits");
        sim.loop.advance(Duration.ofMillis(500));

        assertThat(ends())
                .containsExactly(
                        new AuthenticationEnd(1, "b1:9092", false, 0, null),
                        new AuthenticationEnd(1, "b1:9092", false, 0, "not trusted"));
    }

    /** In TLS 1.3 the alert comes when the client has begun to log in. */
    @Test
    void aRefusedCertificateIsNotTakenForALossWhileTheClientLogsIn() {
        SimulatedProducer sim = open(this::plain);
        authenticates(sim);
        sim.network.encrypt();
        TlsHandshakeException refusal = new TlsHandshakeException(
                "not accepted", FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION), null);
        sim.cluster
                .broker(1)
                .on(ApiKey.API_VERSIONS, request -> sim.cluster.broker(1).endConnections(refusal));
        Sent record = sim.send(0, "r");
        sim.loop.advance(Duration.ofMillis(100));

        assertThat(record.failure()).isInstanceOf(TlsHandshakeException.class).hasMessageContaining("not accepted");
    }

    @Test
    void nothingIsToldWhereNobodyWantsToKnow() {
        SimulatedProducer sim = open(config -> config);
        sim.sendAlone(0, "r");
        sim.cluster.broker(1).closeConnections();
        sim.sendAlone(0, "r");

        assertThat(ends()).isEmpty();
    }
}
