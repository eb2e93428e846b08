package dev.millrace.producer.internal.idempotence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberedPartitionTest {

    /** 85, T7. */
    @Test
    void sequencesWrapToZero() {
        assertThat(NumberedPartition.advance(Integer.MAX_VALUE, 1)).isZero();
        assertThat(NumberedPartition.advance(Integer.MAX_VALUE - 2, 5)).isEqualTo(2);
        assertThat(NumberedPartition.advance(0, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
        assertThat(NumberedPartition.advance(Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE - 1);
    }
}
