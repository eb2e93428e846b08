package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.bytes;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.message.GoldenResponses.Golden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever a peer sends, a decoder succeeds or says that it is malformed. */
class ResponseDecoderProperty {

    private static final int MUTATIONS = 5_000;
    private static final List<Golden> RESPONSES = Stream.of(GoldenResponses.ALL, GoldenTransactionResponses.ALL)
            .flatMap(List::stream)
            .toList();

    @Test
    void refusesEveryTruncation() {
        for (Golden golden : RESPONSES) {
            byte[] whole = bytes(golden.hex());
            for (int length = 0; length < whole.length; length++) {
                byte[] truncated = Arrays.copyOf(whole, length);
                assertThatExceptionOfType(MalformedResponseException.class)
                        .as("%s v%d, %d B", golden.request().apiKey(), golden.version(), length)
                        .isThrownBy(() -> decode(golden, truncated));
            }
        }
    }

    @Test
    void survivesEveryMutation() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (Golden golden : RESPONSES) {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = mutate(bytes(golden.hex()), random);
                assertSucceedsOrIsMalformed(golden, mutated, seed);
            }
        }
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int index = random.nextInt(bytes.length);
            bytes[index] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[index] ^ 1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(2 * bytes.length)) : bytes;
    }

    private static void assertSucceedsOrIsMalformed(Golden golden, byte[] mutated, long seed) {
        try {
            decode(golden, mutated);
        } catch (MalformedResponseException expected) {
            // the right answer to most mutations
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "%s v%d fails on %s (seed %d)"
                            .formatted(golden.request().apiKey(), golden.version(), hex(mutated), seed),
                    e);
        }
    }

    private static void decode(Golden golden, byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        ResponseFrame.readCorrelationId(frame);
        ResponseFrame.decode(frame, golden.request(), (short) golden.version());
    }
}
