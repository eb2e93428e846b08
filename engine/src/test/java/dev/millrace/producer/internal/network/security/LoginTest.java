package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulationDefaults;
import dev.millrace.producer.security.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is in use, and when its source is asked; the test runs the calls of the source when it wants. */
class LoginTest {

    private static final Secret FIRST = token("first");
    private static final Secret SECOND = token("second");

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final List<Runnable> calls = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Object> answers = new ArrayList<>();
    private Secret given = FIRST;
    private boolean broken;
    private final Login login = login();

    private static Secret token(String value) {
        return new Secret.Bearer(Token.withoutEnd(value));
    }

    private Login login() {
        Secret.Source source = new Secret.Source() {
            @Override
            public Secret fetch() {
                if (broken) {
                    throw new IllegalStateException("vault sealed");
                }
                return given;
            }

            @Override
            public String name() {
                return "vault";
            }

            @Override
            public AutoCloseable onChange(Runnable listener) {
                return () -> {};
            }
        };
        Authentication.Listener listener = new Authentication.Listener() {
            @Override
            public void onUsable() {
                told.add("usable");
            }

            @Override
            public void onReplaced() {
                told.add("replaced");
            }
        };
        LoginParts parts = new LoginParts(
                loop, calls::add, () -> loop.elapsed().toMillis(), SimulationDefaults.noJitter(), "[test]");
        return new Login(source, new LoginRefresh(0.8, 0, 0, 0), parts, listener);
    }

    private void answerCalls() {
        List<Runnable> now = List.copyOf(calls);
        calls.clear();
        now.forEach(Runnable::run);
        loop.runReady();
    }

    private void get() {
        login.get(new Login.Waiter() {
            @Override
            public void onSecret(Secret secret) {
                answers.add(secret);
            }

            @Override
            public void onProblem(SaslProblem problem) {
                answers.add(problem.kind());
            }
        });
    }

    private void use(Secret secret) {
        given = secret;
        get();
        answerCalls();
        answers.clear();
    }

    @Test
    void onlyARefusalOfWhatIsInUseIsAReasonToAsk() {
        use(FIRST);
        given = SECOND;
        login.changed();
        answerCalls();
        assertThat(told).containsExactly("replaced");

        login.refused(FIRST);
        assertThat(calls).as("it is not in use any more").isEmpty();
        login.refused(SECOND);
        assertThat(calls).hasSize(1);
    }

    @Test
    void aRefusalDoesNotShortenThePauseOfASourceThatFails() {
        use(FIRST);
        broken = true;
        login.changed();
        answerCalls();

        login.refused(FIRST);
        assertThat(calls).isEmpty();
        get();
        assertThat(answers).as("better than nothing").containsExactly(FIRST);
        loop.advance(Duration.ofSeconds(1));
        assertThat(calls).hasSize(1);
    }

    @Test
    void whoeverWaitsForASourceThatFailsGetsTheLastOneWhileItLives() {
        use(new Secret.Bearer(Token.of("mortal", Instant.ofEpochMilli(10_000))));
        broken = true;
        login.changed();
        get();
        assertThat(answers).isEmpty();
        answerCalls();
        assertThat(answers).hasSize(1).first().isInstanceOf(Secret.Bearer.class);

        answers.clear();
        login.changed();
        get();
        loop.advance(Duration.ofSeconds(10));
        answerCalls();
        assertThat(answers).endsWith(SaslProblem.Kind.NO_CREDENTIALS);
    }

    /** The answer under way may be the old one. */
    @Test
    void aChangeWhileItsSourceIsAskedIsAskedForOnceMore() {
        get();
        login.changed();
        assertThat(calls).hasSize(1);
        answerCalls();
        assertThat(answers).containsExactly(FIRST);
        assertThat(calls).hasSize(1);

        given = SECOND;
        answerCalls();
        assertThat(told).containsExactly("replaced");
        assertThat(calls).isEmpty();
    }

    @Test
    void aChangeToTheSameChangesNothing() {
        use(FIRST);
        login.changed();
        answerCalls();

        assertThat(told).isEmpty();
    }

    @Test
    void leavesNothingBehind() {
        broken = true;
        get();
        answerCalls();
        assertThat(loop.pendingTasks()).isOne();

        login.close();

        assertThat(loop.pendingTasks()).isZero();
    }
}
