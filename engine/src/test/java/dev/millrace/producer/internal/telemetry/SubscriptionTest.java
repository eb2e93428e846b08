package dev.millrace.producer.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void takesFiveMinutesForAnIntervalThatIsNone(int millis) {
        assertThat(Subscription.of(response(millis, List.of(), List.of("a"))).intervalNanos())
                .isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    @Tag("row-118")
    void takesTheIntervalOfTheBroker() {
        assertThat(Subscription.of(response(101, List.of(), List.of("a"))).intervalNanos())
                .isEqualTo(101_000_000);
    }

    /** Brokers do not let operators set less. */
    @Test
    void pushesNoMoreOftenThanAnyBrokerAsks() {
        assertThat(Subscription.of(response(1, List.of(), List.of("a"))).intervalNanos())
                .isEqualTo(100_000_000);
    }

    @Test
    void takesACodecOnce() {
        assertThat(Subscription.of(response(1, List.of((byte) 3, (byte) 1, (byte) 3), List.of()))
                        .codecs())
                .containsExactly(Compression.LZ4, Compression.GZIP);
    }

    @Test
    @Tag("row-118")
    void keepsTheBrokersOrderOfCodecsAndSkipsWhatNobodyKnows() {
        List<Byte> types = List.of((byte) 9, (byte) 3, (byte) 0, (byte) -1, (byte) 1);

        assertThat(Subscription.of(response(1, types, List.of())).codecs())
                .containsExactly(Compression.LZ4, Compression.NONE, Compression.GZIP);
    }

    @Test
    @Tag("row-118")
    void wantsWhatBeginsWithAPrefix() {
        Subscription some = Subscription.of(
                response(1, List.of(), List.of("org.apache.kafka.producer.record.send.", "org.apache.kafka.consumer")));

        assertThat(some.isEmpty()).isFalse();
        assertThat(some.wants("org.apache.kafka.producer.record.send.total")).isTrue();
        assertThat(some.wants("org.apache.kafka.producer.record.error.total")).isFalse();
    }

    @ParameterizedTest
    @Tag("row-118")
    @ValueSource(strings = {"", "*"})
    void wantsEverything(String prefix) {
        assertThat(Subscription.of(response(1, List.of(), List.of(prefix))).wants("anything"))
                .isTrue();
    }

    @Test
    @Tag("row-118")
    void wantsNothing() {
        Subscription none = Subscription.of(response(1, List.of(), List.of()));

        assertThat(none.isEmpty()).isTrue();
        assertThat(none.wants("anything")).isFalse();
    }

    private static GetTelemetrySubscriptionsResponse response(int millis, List<Byte> types, List<String> prefixes) {
        return new GetTelemetrySubscriptionsResponse(
                0, ErrorCode.NONE, new UUID(1, 2), 7, types, millis, 1 << 20, true, prefixes);
    }
}
