package dev.millrace.producer.internal.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NegotiatedVersionsTest {

    @Test
    @Tag("row-10")
    void choosesTheHighestVersionOfBothSides() {
        assertThat(produce(3, 9).choose(ApiKey.PRODUCE)).isEqualTo((short) 9);
        assertThat(produce(0, 14).choose(ApiKey.PRODUCE)).isEqualTo((short) 13);
        assertThat(produce(7, 7).choose(ApiKey.PRODUCE)).isEqualTo((short) 7);
    }

    @Test
    void choosesBelowALimit() {
        assertThat(produce(0, 13).chooseAtMost(ApiKey.PRODUCE, (short) 11)).isEqualTo((short) 11);
        assertThat(produce(0, 8).chooseAtMost(ApiKey.PRODUCE, (short) 11)).isEqualTo((short) 8);
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(13, 13).chooseAtMost(ApiKey.PRODUCE, (short) 12));
    }

    @Test
    void choosesWithinLimitsAndSaysWhatIsMissing() {
        VersionRange enrolling = new VersionRange((short) 12, (short) 13);
        assertThat(produce(0, 13).chooseWithin(ApiKey.PRODUCE, enrolling)).isEqualTo((short) 13);
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(0, 11).chooseWithin(ApiKey.PRODUCE, enrolling))
                .withMessage(
                        "no common version: api=PRODUCE spoken=12-13 offered=0-11; no older version can say what is"
                                + " needed here, upgrade the broker");
    }

    @Test
    void namesBothRangesWhenNothingIsInCommon() {
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(0, 6).choose(ApiKey.PRODUCE))
                .withMessage("no common version: api=PRODUCE spoken=7-13 offered=0-6; use brokers from 2.1 on")
                .satisfies(e -> {
                    assertThat(e.apiKey()).isEqualTo(ApiKey.PRODUCE);
                    assertThat(e.spoken()).isEqualTo(new VersionRange((short) 7, (short) 13));
                    assertThat(e.offered()).isEqualTo(new VersionRange((short) 0, (short) 6));
                });
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(14, 20).choose(ApiKey.PRODUCE));
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(9, 8).choose(ApiKey.PRODUCE));
    }

    @Test
    void refusesApisTheBrokerDoesNotOffer() {
        assertThatExceptionOfType(UnsupportedApiException.class)
                .isThrownBy(() -> produce(7, 13).choose(ApiKey.METADATA))
                .withMessageContaining("offered=none")
                .satisfies(e -> assertThat(e.offered()).isNull());
    }

    @Test
    @Tag("row-9")
    void ignoresApisThisEngineDoesNotKnow() {
        NegotiatedVersions versions = NegotiatedVersions.of(response(List.of(
                new ApiVersion((short) 999, (short) 0, (short) 1),
                new ApiVersion(ApiKey.METADATA.id(), (short) 0, (short) 13))));

        assertThat(versions.choose(ApiKey.METADATA)).isEqualTo((short) 13);
    }

    @Test
    void looksUpFinalizedFeatures() {
        NegotiatedVersions versions = NegotiatedVersions.of(
                new ApiVersionsResponse(ErrorCode.NONE, List.of(), 0, 77, Map.of("transaction.version", (short) 2)));

        assertThat(versions.finalizedFeatureLevel("transaction.version")).isEqualTo((short) 2);
        assertThat(versions.finalizedFeatureLevel("kraft.version")).isZero();
        assertThat(versions.transactionVersion()).isEqualTo((short) 2);
        assertThat(versions.finalizedFeaturesEpoch()).isEqualTo(77);
    }

    @Test
    void hasNoFeaturesOfABrokerThatDoesNotNameThem() {
        NegotiatedVersions versions = produce(0, 13);

        assertThat(versions.transactionVersion()).isZero();
        assertThat(versions.finalizedFeaturesEpoch()).isEqualTo(-1);
    }

    private static NegotiatedVersions produce(int min, int max) {
        return NegotiatedVersions.of(response(List.of(new ApiVersion(ApiKey.PRODUCE.id(), (short) min, (short) max))));
    }

    private static ApiVersionsResponse response(List<ApiVersion> apiVersions) {
        return new ApiVersionsResponse(ErrorCode.NONE, apiVersions, 0, -1, Map.of());
    }
}
