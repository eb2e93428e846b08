package dev.millrace.producer.errors;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** The reference's enumeration is the judge. */
class ErrorCodeTest {

    @Test
    void hasEveryCodeOfTheReferenceUnderItsName() {
        for (Errors reference : Errors.values()) {
            assertThat(ErrorCode.of(reference.code()).name()).isEqualTo(reference.name());
        }
        assertThat(ErrorCode.values()).hasSameSizeAs(Errors.values());
    }

    @Test
    void agreesOnWhatPasses() {
        for (Errors reference : Errors.values()) {
            assertThat(ErrorCode.of(reference.code()).isRetriable())
                    .as(reference.name())
                    .isEqualTo(reference.exception() instanceof RetriableException);
        }
    }

    @Test
    void agreesOnWhatAsksForFreshMetadata() {
        for (Errors reference : Errors.values()) {
            assertThat(ErrorCode.of(reference.code()).asksForFreshMetadata())
                    .as(reference.name())
                    .isEqualTo(reference.exception() instanceof InvalidMetadataException);
        }
    }

    @Test
    void takesNewerCodesForAnUnknownError() {
        assertThat(ErrorCode.of((short) 32_000)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(ErrorCode.of((short) -2)).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
}
