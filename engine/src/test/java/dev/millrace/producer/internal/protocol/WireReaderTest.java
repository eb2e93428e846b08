package dev.millrace.producer.internal.protocol;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireReaderTest {

    /** Origin: kafka-clients 4.3.1. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "300, ac02",
        "16383, ff7f",
        "16384, 808001",
        "2147483647, ffffffff07",
        "-1, ffffffff0f",
    })
    void readsAndWritesUnsignedVarints(int value, String hex) {
        assertThat(new WireReader(buffer(hex)).readUnsignedVarint()).isEqualTo(value);

        WireWriter out = new WireWriter();
        out.writeUnsignedVarint(value);
        assertThat(WireBytes.withoutSize(out.toFrame())).isEqualTo(buffer(hex));
    }

    @Test
    void refusesVarintsOfMoreThan32Bits() {
        assertMalformed(() -> new WireReader(buffer("808080808000")).readUnsignedVarint());
        assertMalformed(() -> new WireReader(buffer("ffffffffffffffffff01")).readUnsignedVarint());
        assertMalformed(() -> new WireReader(buffer("8080808010")).readUnsignedVarint());
    }

    @Test
    void keepsTheBeginningOfWordsForPeople() {
        String longest = "61".repeat(WireReader.MAX_MESSAGE_BYTES);
        WireReader in = new WireReader(buffer("0405" + longest + "62626262 62 2a"));

        assertThat(in.readNullableMessage()).isEqualTo("a".repeat(WireReader.MAX_MESSAGE_BYTES));
        assertThat(in.readInt8()).as("what comes next").isEqualTo((byte) 0x2a);
    }

    @Test
    void leavesNoLineBreaksAndEscapesInWordsForPeople() {
        assertThat(flexible("09 6e6f 0d0a 1b5b c285").readNullableMessage()).isEqualTo("no   [ ");
        assertThat(flexible("01").readNullableMessage()).isEmpty();
        assertThat(flexible("00").readNullableMessage()).isNull();
        assertMalformed(() -> new WireReader(buffer("0002 61")).readNullableMessage());
        assertMalformed(() -> new WireReader(buffer("fffe")).readNullableMessage());
    }

    /** An array of empty strings, and a section of unknown fields, have a value in each byte or two. */
    @Test
    void allocatesNothingForWhatIsEmpty() {
        byte[] strings = new byte[100_000];
        Arrays.fill(strings, (byte) 1);
        assertThat(AllocatedBytes.of(() -> {
                    WireReader in = new WireReader(ByteBuffer.wrap(strings));
                    in.setFlexible(true);
                    while (in.remaining() > 0) {
                        in.readNullableString();
                    }
                }))
                .isLessThan(10_000);

        byte[] fields = new byte[3 + 2 * 10_000];
        System.arraycopy(WireBytes.bytes("904e"), 0, fields, 0, 2);
        assertThat(AllocatedBytes.of(() -> {
                    WireReader in = new WireReader(ByteBuffer.wrap(fields, 0, 2 + 2 * 10_000));
                    in.setFlexible(true);
                    in.endStruct();
                    in.endFrame();
                }))
                .isLessThan(10_000);
    }

    @Test
    void keepsAReaderOfATaggedFieldInsideIt() {
        assertMalformed(() -> flexible("01 03 02 0007 2a").endStruct((tag, field) -> field.readInt32()));
        assertMalformed(() -> flexible("01 03 02 7f07 2a").endStruct((tag, field) -> field.readNullableString()));
    }

    @Test
    void refusesLengthsThatExceedTheFrame() {
        assertMalformed(() -> new WireReader(buffer("7fff 61")).readString());
        assertMalformed(() -> new WireReader(buffer("7fffffff 61")).readBytes());
        assertMalformed(() -> new WireReader(buffer("7fffffff 61")).readNullableRecords());
        assertMalformed(() -> new WireReader(buffer("7fffffff 61")).readArrayLength(1));
        assertMalformed(() -> new WireReader(buffer("00000002 00000001 000000")).readInt32Array());
    }

    @Test
    void refusesLengthsBelowNull() {
        assertMalformed(() -> new WireReader(buffer("fffe")).readNullableString());
        assertMalformed(() -> new WireReader(buffer("fffffffe")).readNullableRecords());
        assertMalformed(() -> new WireReader(buffer("fffffffe")).readNullableArrayLength(1));
        assertMalformed(() -> flexible("ffffffff0f").readNullableString());
    }

    @Test
    void refusesNullWhereAValueIsRequired() {
        assertMalformed(() -> new WireReader(buffer("ffff")).readString());
        assertMalformed(() -> new WireReader(buffer("ffffffff")).readBytes());
        assertMalformed(() -> new WireReader(buffer("ffffffff")).readArrayLength(1));
        assertMalformed(() -> flexible("00").readString());
    }

    @Test
    void readsKnownTagsAndSkipsTheRest() {
        WireReader in = flexible("03  01 02 0007  02 00  8001 03 010203  2a");
        List<Integer> tags = new ArrayList<>();
        List<Short> values = new ArrayList<>();

        in.endStruct((tag, field) -> {
            tags.add(tag);
            if (tag == 1) {
                values.add(field.readInt16());
            }
        });

        assertThat(tags).containsExactly(1, 2, 128);
        assertThat(values).containsExactly((short) 7);
        assertThat(in.readInt8()).isEqualTo((byte) 42);
    }

    @Test
    void refusesATagThatReadsBeyondItsSize() {
        WireReader in = flexible("01  01 01 00  07");

        assertMalformed(() -> in.endStruct((tag, field) -> field.readInt16()));
    }

    @Test
    void refusesWhatIsLeftOfAFrame() {
        WireReader in = new WireReader(buffer("0007 00"));
        assertThat(in.readInt16()).isEqualTo((short) 7);

        assertMalformed(in::endFrame);
    }

    @Test
    void givesViewsOfRecords() {
        ByteBuffer frame = buffer("00000002 abcd 01");
        WireReader in = new WireReader(frame);

        assertThat(in.readNullableRecords()).isEqualTo(buffer("abcd"));
        assertThat(in.remaining()).isEqualTo(1);
    }

    private static WireReader flexible(String hex) {
        WireReader in = new WireReader(buffer(hex));
        in.setFlexible(true);
        return in;
    }

    private static void assertMalformed(ThrowingCallable call) {
        assertThatExceptionOfType(MalformedResponseException.class).isThrownBy(call);
    }
}
