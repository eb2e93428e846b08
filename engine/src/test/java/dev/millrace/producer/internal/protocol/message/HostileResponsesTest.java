package dev.millrace.producer.internal.protocol.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.AllocatedBytes;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireBytes;
import dev.millrace.producer.internal.protocol.message.GoldenResponses.Golden;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Counts and lengths that promise more than the frame has: refused, before anything is allocated for them. */
class HostileResponsesTest {

    /** Too many, or less than the null that some fields may be, also where only a part of them hits the field. */
    private static final List<String> INT16 = List.of("7ffe", "80fe", "fffe");

    private static final List<String> INT32 = List.of("7ffffffe", "80fffffe", "fffffffe");
    private static final List<String> VARINT = List.of(
            "ffffffff07", "8080808008", "ffffffff0f", "80808001", "ffffffffffffffffff01", "80808080808080808000");

    private static final int PADDING_BYTES = 256 << 10;

    /** Objects with headers and references from a few bytes each. */
    private static final int BYTES_PER_BYTE = 16;

    /** An exception with its stack trace and message. */
    private static final int BYTES_IN_ANY_CASE = 16 << 10;

    static List<Golden> responses() {
        return Stream.of(GoldenResponses.ALL, GoldenTransactionResponses.ALL)
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("responses")
    void refusesEveryLengthAndCountThatIsTooLarge(Golden golden) {
        List<byte[]> hostile = hostile(golden);

        for (byte[] frame : hostile) {
            assertThat(outcome(golden, frame))
                    .as(() -> WireBytes.hex(frame))
                    .isInstanceOf(MalformedResponseException.class);
        }
    }

    /** In a large frame a large count may be true for a while. */
    @ParameterizedTest
    @MethodSource("responses")
    void allocatesAFewTimesTheFrameAtMost(Golden golden) {
        for (byte[] frame : hostile(golden)) {
            outcome(golden, Arrays.copyOf(frame, frame.length + PADDING_BYTES));
        }
        for (byte[] frame : counts(golden)) {
            outcome(golden, Arrays.copyOf(frame, frame.length + PADDING_BYTES));
        }
    }

    /** A table in which a place is found by trying one after the other takes minutes for these names. */
    @Test
    void takesNamesThatCollideInTheirTime() {
        List<String> names = collidingNames(16);
        Map<String, Short> features = new HashMap<>();
        names.forEach(name -> features.put(name, (short) 1));
        ApiVersionsResponse many = new ApiVersionsResponse(ErrorCode.NONE, List.of(), 0, 1, features);
        ByteBuffer frame = WireBytes.withoutSize(ResponseFrame.encode(
                GoldenResponses.API_VERSIONS.apiKey(), (short) 4, 1, out -> many.write(out, (short) 4)));
        ResponseFrame.readCorrelationId(frame);

        NegotiatedVersions versions = Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> NegotiatedVersions.of(ResponseFrame.decode(frame, GoldenResponses.API_VERSIONS, (short) 4)));

        assertThat(versions.finalizedFeatureLevel(names.get(0))).isEqualTo((short) 1);
    }

    private static List<String> collidingNames(int pairs) {
        List<String> names = List.of("");
        for (int i = 0; i < pairs; i++) {
            List<String> longer = new ArrayList<>(names.size() * 2);
            for (String name : names) {
                longer.add(name + "Aa");
                longer.add(name + "BB");
            }
            names = longer;
        }
        assertThat(names.get(0).getBytes(UTF_8)).hasSize(2 * pairs);
        return names;
    }

    private static List<byte[]> hostile(Golden golden) {
        StructuralFields fields = new StructuralFields(golden);
        List<byte[]> frames = new ArrayList<>(fields.replacedBy(Short.BYTES, INT16));
        frames.addAll(fields.replacedBy(Integer.BYTES, INT32));
        if (isFlexible(golden)) {
            frames.addAll(fields.replacedBy(1, VARINT));
        }
        return frames;
    }

    /** Counts that the padded frame can hold for elements from one byte to 64. */
    private static List<byte[]> counts(Golden golden) {
        StructuralFields fields = new StructuralFields(golden);
        List<byte[]> frames = new ArrayList<>(
                fields.replacedBy(Integer.BYTES, List.of("00040000", "00010000", "00004000", "00001000")));
        if (isFlexible(golden)) {
            frames.addAll(fields.replacedBy(1, List.of("808010", "808004", "808001", "8020")));
        }
        return frames;
    }

    private static boolean isFlexible(Golden golden) {
        return golden.request().apiKey().isFlexible((short) golden.version());
    }

    private static Throwable outcome(Golden golden, byte[] frame) {
        Throwable[] thrown = new Throwable[1];
        long allocated =
                AllocatedBytes.of(() -> thrown[0] = catchThrowable(() -> StructuralFields.decode(golden, frame)));
        if (thrown[0] != null) {
            assertThat(thrown[0]).isInstanceOf(MalformedResponseException.class);
        }
        assertThat(allocated)
                .as("bytes allocated for %d B of %s", frame.length, golden)
                .isLessThan(BYTES_IN_ANY_CASE + (long) BYTES_PER_BYTE * frame.length);
        return thrown[0];
    }
}
