package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionSettingsTest {

    @Test
    void hasDefaults() {
        assertThat(TransactionSettings.builder("a-").build())
                .isEqualTo(new TransactionSettings(
                        "a-",
                        "",
                        Duration.ofSeconds(60),
                        0,
                        Duration.ofSeconds(10),
                        Duration.ofDays(5),
                        Duration.ofMinutes(10),
                        TransactionSettings.Synchronization.AUTO,
                        true,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void refusesABlankPrefix(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransactionSettings.builder(prefix).build())
                .withMessageStartingWith("transaction id prefix must have text");
    }

    static List<UnaryOperator<TransactionSettings.Builder>> outOfRange() {
        return List.of(
                builder -> builder.timeout(Duration.ZERO),
                builder -> builder.maxProducers(-1),
                builder -> builder.acquireTimeout(Duration.ofMillis(-1)),
                builder -> builder.producerMaxAge(Duration.ZERO),
                builder -> builder.producerMaxIdle(Duration.ZERO),
                builder -> builder.flushTimeout(Duration.ZERO),
                builder -> builder.commitTimeout(Duration.ofSeconds(-1)));
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void refusesWhatIsOutOfRange(UnaryOperator<TransactionSettings.Builder> change) {
        assertThatIllegalArgumentException().isThrownBy(() -> change.apply(TransactionSettings.builder("a-"))
                .build());
    }

    @Test
    void namesIds() {
        TransactionIdStrategy strategy = TransactionIdStrategy.PREFIX_INSTANCE_SLOT;
        assertThat(strategy.transactionalId("orders-", "", 3)).isEqualTo("orders-3");
        assertThat(strategy.transactionalId("orders-", "pod1", 3)).isEqualTo("orders-pod1-3");
    }
}
