package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.record.RecordBatchLayout;
import org.junit.jupiter.api.Test;

class CompressionEstimateTest {

    private static final int BATCH_BYTES = 16_384;
    private static final int HEADER = RecordBatchLayout.HEADER_BYTES;

    private final CompressionEstimate estimate = new CompressionEstimate(BATCH_BYTES);

    private double ratio() {
        return (estimate.wireBytes(HEADER + 1_000_000) - HEADER) / 1_000_000.0;
    }

    @Test
    void expectsNothingAtFirst() {
        assertThat(estimate.wireBytes(HEADER + 1_234)).isEqualTo(HEADER + 1_234);
    }

    @Test
    void comesCloseAfterAFewBatches() {
        for (int i = 0; i < 10; i++) {
            estimate.observe(100_000, 20_000);
        }
        assertThat(ratio()).isBetween(0.21, 0.27);
        for (int i = 0; i < 100; i++) {
            estimate.observe(100_000, 20_000);
        }
        assertThat(ratio()).isBetween(0.2099, 0.2101);
    }

    @Test
    void believesALargeBatchThatCompressesWorseAtOnce() {
        for (int i = 0; i < 50; i++) {
            estimate.observe(100_000, 10_000);
        }
        estimate.observe(BATCH_BYTES, BATCH_BYTES / 2);
        assertThat(ratio()).isBetween(0.52, 0.53);
        estimate.observe(100_000, 100_000);
        assertThat(estimate.wireBytes(50_000)).isEqualTo(50_000);
    }

    @Test
    void isNotMisledByASmallBatch() {
        for (int i = 0; i < 50; i++) {
            estimate.observe(100_000, 10_000);
        }
        estimate.observe(100, 100);
        assertThat(ratio()).isLessThan(0.12);
    }

    @Test
    void isNeverMoreThanThePlainSize() {
        estimate.observe(100_000, 120_000);
        assertThat(estimate.wireBytes(5_000)).isEqualTo(5_000);
        estimate.observe(0, 0);
        assertThat(estimate.wireBytes(5_000)).isBetween(HEADER, 5_000);
    }
}
