package dev.millrace.producer.internal.network.security;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.internal.ChangingCredentials;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.UserCredentials;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One login for the connections of a cluster; the test runs what belongs to other threads. */
class SaslAuthenticationTest {

    private static final RandomGenerator LEAST = () -> 0;
    private static final RandomGenerator GREATEST = () -> -1;

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final ChangingCredentials credentials = new ChangingCredentials("me", "first");
    private final List<Object> secrets = new ArrayList<>();

    private SaslAuthentication authentication(RandomGenerator random) {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers("b1:9092")
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.PLAIN)
                .saslCredentials(credentials)
                .build();
        LoginParts parts =
                new LoginParts(loop, elsewhere::add, () -> loop.elapsed().toMillis(), random, "[test]");
        return SaslAuthentication.of(requireNonNull(config.security().sasl()), parts);
    }

    private void runAll() {
        loop.runReady();
        for (Runnable next = elsewhere.poll(); next != null; next = elsewhere.poll()) {
            next.run();
            loop.runReady();
        }
    }

    private LoggedIn logIn(SaslAuthentication authentication) {
        List<LoggedIn> got = new ArrayList<>();
        authentication.logIn("b1", new Authentication.LoginWaiter() {
            @Override
            public void onLoggedIn(LoggedIn login) {
                got.add(login);
                secrets.add(requireNonNull(login.secret()));
            }

            @Override
            public void onProblem(SaslProblem problem) {
                throw new AssertionError(problem);
            }
        });
        runAll();
        assertThat(got).hasSize(1);
        return got.get(0);
    }

    @Test
    void renewsSessionsAtEightyFiveToNinetyFivePercent() {
        assertThat(authentication(LEAST).renewalNanos(1_000_000)).isEqualTo(850_000);
        assertThat(authentication(GREATEST).renewalNanos(1_000_000)).isCloseTo(950_000, within(1L));
    }

    @Test
    void listensForChangesUntilItIsClosed() {
        SaslAuthentication authentication = authentication(LEAST);
        authentication.start();
        assertThat(credentials.isListenedTo())
                .as("user code, not on this thread")
                .isFalse();
        runAll();
        assertThat(credentials.isListenedTo()).isTrue();

        authentication.close();
        runAll();
        assertThat(credentials.isListenedTo()).isFalse();
    }

    @Test
    void doesNotListenForEverIfItIsClosedBeforeItListens() {
        SaslAuthentication authentication = authentication(LEAST);
        authentication.start();
        Runnable subscribe = elsewhere.remove();
        authentication.close();
        runAll();

        subscribe.run(); // the thread was slow
        assertThat(credentials.isListenedTo()).isFalse();
    }

    @Test
    void asksASupplierThatSaysNothingAfterARefusal() {
        SaslAuthentication authentication = authentication(LEAST);
        LoggedIn first = logIn(authentication);
        credentials.become("me", "second");
        logIn(authentication);

        authentication.refused(first);
        logIn(authentication);

        assertThat(secrets)
                .containsExactly(
                        new Secret.Password(UserCredentials.of("me", "first")),
                        new Secret.Password(UserCredentials.of("me", "first")),
                        new Secret.Password(UserCredentials.of("me", "second")));
    }
}
