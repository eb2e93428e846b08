package dev.millrace.producer.internal.partitioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur2Test {

    private static final long SEED = 42;

    /** Origin: kafka-clients 4.3.1, Utils.murmur2. */
    @ParameterizedTest
    @CsvSource({
        "'', 275646681, 1, 9",
        "a, -1563381124, 4, 4",
        "ab, 316155434, 4, 2",
        "abc, 479470107, 7, 3",
        "abcd, -1323649548, 0, 8",
        "abcde, 461995741, 1, 1",
        "21, -973932308, 0, 0",
        "foobar, -790332482, 6, 6",
        "a-little-bit-long-string, -985981536, 2, 8",
        "a-little-bit-longer-string, -1486304829, 9, 11",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971, 7, 5",
        "kafka, -798503068, 0, 4",
        "0, 971027396, 6, 8",
        "é中😀, 1824111047, 7, 11"
    })
    void hashesTheKnownKeys(String key, int hash, int ofTen, int ofTwelve) {
        byte[] bytes = key.getBytes(UTF_8);

        assertThat(Murmur2.hash(bytes, 0, bytes.length)).isEqualTo(hash);
        assertThat(Murmur2.partitionFor(bytes, 0, bytes.length, 10)).isEqualTo(ofTen);
        assertThat(Murmur2.partitionFor(bytes, 0, bytes.length, 12)).isEqualTo(ofTwelve);
    }

    @Test
    void takesTailBytesUnsigned() {
        byte[] bytes = HexFormat.of().parseHex("6162ff0080");

        assertThat(Murmur2.hash(bytes, 0, bytes.length)).isEqualTo(1145935496);
    }

    @Test
    @Tag("row-25")
    void agreesWithTheReferenceOnAnyKeyAndPartitionCount() {
        Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            int from = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            byte[] key = Arrays.copyOfRange(bytes, from, bytes.length);
            int partitions = 1 + random.nextInt(1_000);

            assertThat(Murmur2.hash(bytes, from, key.length))
                    .as("seed=%d round=%d", SEED, round)
                    .isEqualTo(Utils.murmur2(key));
            assertThat(Murmur2.partitionFor(bytes, from, key.length, partitions))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }
}
