package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingTest {

    private static final ConfigDef REFERENCE = org.apache.kafka.clients.producer.ProducerConfig.configDef();

    @ParameterizedTest
    @EnumSource
    void existsInTheReference(Setting setting) {
        assertThat(REFERENCE.configKeys()).containsKey(setting.kafkaName());
        assertThat(Setting.withKafkaName(setting.kafkaName())).isSameAs(setting);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BOOTSTRAP_SERVERS", "CLIENT_ID"})
    void hasTheDefaultOfTheReference(Setting setting) {
        Object reference = REFERENCE.defaultValues().get(setting.kafkaName());

        assertThat(ValueParser.parse(setting, reference)).isEqualTo(setting.defaultValue());
    }

    @ParameterizedTest
    @EnumSource
    void hasAnOrdinarySpringName(Setting setting) {
        assertThat(setting.springName()).matches("app\\.producer\\.[a-z]+([.-][a-z]+)*");
        assertThat(setting.isSecret()).isFalse();
    }

    @Test
    void hasNoNameTwice() {
        assertThat(Stream.of(Setting.values()).map(Setting::kafkaName)).doesNotHaveDuplicates();
        assertThat(Stream.of(Setting.values()).map(Setting::springName)).doesNotHaveDuplicates();
    }

    @Test
    void namesItselfInBothWorlds() {
        assertThat(Setting.LINGER).hasToString("app.producer.linger (linger.ms)");
    }

    @Test
    void showsValuesWithTheirUnit() {
        assertThat(ValueText.of(Setting.LINGER, Duration.ofMillis(5))).isEqualTo("5 ms");
        assertThat(ValueText.of(Setting.LINGER, Duration.ofNanos(500_000))).isEqualTo("500000 ns");
        assertThat(ValueText.of(Setting.LINGER, Duration.ofSeconds(Long.MAX_VALUE, 1)))
                .startsWith("PT");
        assertThat(ValueText.of(Setting.BATCH_SIZE, 16_384L)).isEqualTo("16384 B");
        assertThat(ValueText.of(Setting.Kind.SECRET, "hunter2")).isEqualTo(ValueText.MASK);
    }

    @Test
    void acksAreReadLeniently() {
        assertThat(Stream.of("all", "-1", " ALL ", "1", "0").map(Acks::parse))
                .containsExactly(Acks.ALL, Acks.ALL, Acks.ALL, Acks.LEADER, Acks.NONE);
        assertThat(Stream.of(Acks.values()).map(Acks::code)).containsExactly((short) 0, (short) 1, (short) -1);
    }
}
