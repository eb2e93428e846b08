package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.SimulatedSasl;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a client, no log line, message or text of an object has its secret. */
class SecretsTest {

    private static final String SECRET = "hunter2hunter2";

    @ParameterizedTest
    @Tag("row-113")
    @EnumSource(names = "GSSAPI", mode = EnumSource.Mode.EXCLUDE)
    void isNowhereToBeSeen(SaslMechanism mechanism) {
        ChangingCredentials credentials = new ChangingCredentials("me", SECRET);
        Token token = Token.of(
                SECRET, Instant.ofEpochMilli(SimulatedProducer.START_MILLIS).plusSeconds(3_600));
        StringBuilder seen = new StringBuilder();
        try (CapturedLog log = CapturedLog.openForDebug()) {
            SimulatedProducer sim = new SimulatedProducer(1, config -> secured(config, mechanism)
                    .saslCredentials(credentials)
                    .saslTokens(() -> token));
            SimulatedSasl sasl = new SimulatedSasl(sim.loop, mechanism.wireName()).user("me", "another");
            sim.cluster.broker(1).authenticates(sasl);
            sim.cluster.topic(SimulatedProducer.TOPIC, 1);
            Sent refused = sim.send(0, "r");
            sim.loop.advance(Duration.ofSeconds(5));
            seen.append(stackOf(refused.failure()));
            sasl.user("me", SECRET).token(SECRET).sessions(Duration.ofSeconds(2));
            credentials.change("me", SECRET);
            sim.loop.advance(Duration.ofSeconds(30));
            Sent sent = sim.send(0, "r");
            sim.loop.advance(Duration.ofSeconds(1));
            sim.loop.advance(Duration.ofSeconds(5));
            assertThat(sent.isDelivered()).isTrue();
            assertThat(sasl.renewals()).isPositive();
            seen.append(token).append(credentials.get());
            log.lines().forEach(line -> seen.append(line).append('\n'));
        }

        assertThat(seen.toString()).contains("mechanism=" + mechanism).doesNotContain(SECRET);
    }

    private static ProducerConfig.Builder secured(ProducerConfig.Builder config, SaslMechanism mechanism) {
        return config.securityProtocol(SecurityProtocol.SASL_PLAINTEXT).saslMechanism(mechanism);
    }

    private static String stackOf(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
