package dev.millrace.producer.internal.record;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.utils.ByteUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintsTest {

    /** Origin: kafka-clients 4.3.1. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "-1, 01",
        "1, 02",
        "-2, 03",
        "63, 7e",
        "-64, 7f",
        "64, 8001",
        "-65, 8101",
        "300, d804",
        "8191, fe7f",
        "8192, 808001",
        "2147483647, feffffff0f",
        "-2147483648, ffffffff0f",
    })
    void varints(int value, String hex) {
        ByteBuffer out = ByteBuffer.allocate(Varints.MAX_VARINT_BYTES);
        Varints.putVarint(out, value);

        assertThat(out.flip()).isEqualTo(buffer(hex));
        assertThat(Varints.getVarint(buffer(hex))).isEqualTo(value);
        assertThat(Varints.varintBytes(value)).isEqualTo(hex.length() / 2);
    }

    /** Origin: kafka-clients 4.3.1. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "-1, 01",
        "5, 0a",
        "1000, d00f",
        "86400000, 80f0b252",
        "-86400000, ffefb252",
        "9223372036854775807, feffffffffffffffff01",
        "-9223372036854775808, ffffffffffffffffff01",
    })
    void varlongs(long value, String hex) {
        ByteBuffer out = ByteBuffer.allocate(Varints.MAX_VARLONG_BYTES);
        Varints.putVarlong(out, value);

        assertThat(out.flip()).isEqualTo(buffer(hex));
        assertThat(Varints.getVarlong(buffer(hex))).isEqualTo(value);
        assertThat(Varints.varlongBytes(value)).isEqualTo(hex.length() / 2);
    }

    @Test
    void everyLengthIsThatOfTheReference() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ByteBuffer out = ByteBuffer.allocate(Varints.MAX_VARLONG_BYTES);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            int narrow = (int) value;
            assertThat(Varints.varlongBytes(value))
                    .as("%d, seed %d", value, seed)
                    .isEqualTo(ByteUtils.sizeOfVarlong(value));
            assertThat(Varints.varintBytes(narrow))
                    .as("%d, seed %d", narrow, seed)
                    .isEqualTo(ByteUtils.sizeOfVarint(narrow));
            Varints.putVarlong(out.clear(), value);
            assertThat(Varints.getVarlong(out.flip())).as("seed %d", seed).isEqualTo(value);
            Varints.putVarint(out.clear(), narrow);
            assertThat(Varints.getVarint(out.flip())).as("seed %d", seed).isEqualTo(narrow);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "ffffffff", "808080808000"})
    void refusesVarintsThatDoNotEnd(String hex) {
        assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(() -> Varints.getVarint(buffer(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "ffffffff", "8080808080808080808000"})
    void refusesVarlongsThatDoNotEnd(String hex) {
        assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(() -> Varints.getVarlong(buffer(hex)));
    }
}
