package dev.millrace.producer.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryEventTest {

    @ParameterizedTest
    @Tag("row-118")
    @CsvSource({
        "117, OUTDATED",
        "76, OUTDATED",
        "118, NOT_NOW",
        "89, NOT_NOW",
        "42, REFUSED",
        "87, REFUSED",
        "35, REFUSED",
        "-1, REFUSED",
        "29, REFUSED"
    })
    void meansOfEveryError(short code, TelemetryEvent event) {
        assertThat(TelemetryEvent.of(ErrorCode.of(code))).isEqualTo(event);
    }
}
