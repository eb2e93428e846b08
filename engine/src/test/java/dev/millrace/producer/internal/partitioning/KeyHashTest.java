package dev.millrace.producer.internal.partitioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashTest {

    private static final long SEED = 25;

    /** 25: one key, all partition counts, against kafka-clients. */
    @Test
    @Tag("row-25")
    void murmur2AgreesWithTheReferenceOn1To1000Partitions() {
        Random random = new Random(SEED);
        for (int partitions = 1; partitions <= 1_000; partitions++) {
            for (int length = 0; length < 20; length++) {
                byte[] key = new byte[length];
                random.nextBytes(key);

                assertThat(KeyHash.MURMUR2.partitionFor(key, 0, length, partitions))
                        .as("seed=%d partitions=%d length=%d", SEED, partitions, length)
                        .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
            }
        }
    }

    /** Origin: librdkafka, tests/0048-partitioner.c; unsigned CRC-32 values of its keys. */
    @ParameterizedTest
    @CsvSource({
        "23456, 0xb1b451d7",
        "this is another string with more length to it perhaps, 0xb0150df7",
        "hejsan, 0xd077037e"
    })
    void crc32IsThatOfLibrdkafka(String key, String hash) {
        assertPlaced(KeyHash.CRC32, key, Long.decode(hash));
    }

    /** Origin: librdkafka, tests/0048-partitioner.c; FNV-1a values without sign, made with sarama's arithmetic. */
    @ParameterizedTest
    @CsvSource({
        "'', 0x7ee3623b",
        "23456, 0x27e6f469",
        "this is another string with more length to it perhaps, 0x155e3e5f",
        "hejsan, 0x17b1e27a"
    })
    void fnv1aIsThatOfSarama(String key, String hash) {
        assertPlaced(KeyHash.FNV1A, key, Long.decode(hash));
    }

    /** Origin: librdkafka, tests/0048-partitioner.c, murmur2_random: the same as the Java clients'. */
    @ParameterizedTest
    @CsvSource({
        "'', 0x106e08d9",
        "23456, 0x058d780f",
        "this is another string with more length to it perhaps, 0x4f7703da",
        "hejsan, 0x5ec19395"
    })
    void murmur2IsThatOfLibrdkafka(String key, String hash) {
        assertPlaced(KeyHash.MURMUR2, key, Long.decode(hash));
    }

    @Test
    void anEmptyKeyIsAKeyToAllButLibrdkafkasDefault() {
        assertThat(KeyHash.MURMUR2.counts(0)).isTrue();
        assertThat(KeyHash.FNV1A.counts(0)).isTrue();
        assertThat(KeyHash.CRC32.counts(0)).isFalse();
        assertThat(KeyHash.CRC32.counts(1)).isTrue();
        for (KeyHash each : KeyHash.values()) {
            assertThat(each.counts(-1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000, Integer.MAX_VALUE})
    void everyPartitionExists(int partitions) {
        Random random = new Random(SEED);
        for (int round = 0; round < 10_000; round++) {
            byte[] key = new byte[1 + random.nextInt(16)];
            random.nextBytes(key);
            for (KeyHash each : KeyHash.values()) {
                assertThat(each.partitionFor(key, 0, key.length, partitions)).isBetween(0, partitions - 1);
            }
        }
    }

    private static void assertPlaced(KeyHash keyHash, String key, long hash) {
        byte[] bytes = ("??" + key).getBytes(UTF_8);
        for (int partitions : new int[] {1, 7, 17, 1_000}) {
            assertThat(keyHash.partitionFor(bytes, 2, bytes.length - 2, partitions))
                    .isEqualTo((int) (hash % partitions));
        }
    }
}
