package dev.millrace.producer.internal.protocol;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.internal.protocol.WireWriter.TaggedField;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireWriterTest {

    @Test
    void growsWithoutLosingWhatIsWritten() {
        WireWriter out = new WireWriter();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            out.writeInt32(i);
            expected.append("%08x".formatted(i));
            if (i % 100 == 0) {
                out.writeRecords(List.of(buffer("ab"), buffer("cd")), 2);
                expected.append("00000002abcd");
            }
        }

        assertThat(hex(WireBytes.join(out.toFrame())).substring(8)).isEqualTo(expected.toString());
    }

    @Test
    void leavesThePositionsOfABatchAlone() {
        ByteBuffer batch = buffer("00 abcd 00").position(1).limit(3);
        WireWriter out = new WireWriter();
        out.writeRecords(List.of(batch), 2);

        for (ByteBuffer segment : out.toFrame()) {
            segment.position(segment.limit()); // what a gathered write does
        }

        assertThat(batch.position()).isEqualTo(1);
        assertThat(batch.remaining()).isEqualTo(2);
    }

    @Test
    void refusesABatchOfAnotherSizeThanItClaims() {
        WireWriter out = new WireWriter();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> out.writeRecords(List.of(buffer("abcd")), 3))
                .withMessageContaining("claimed=3 B actual=2 B");
    }

    @Test
    void writesTaggedFieldsInTheCompactFormOnly() {
        List<TaggedField> fields = List.of(
                new TaggedField(1, field -> field.writeInt16((short) 7)),
                new TaggedField(128, field -> field.writeString("t")));
        WireWriter compact = new WireWriter();
        compact.setFlexible(true);
        compact.endStruct(fields);
        WireWriter classic = new WireWriter();
        classic.endStruct(fields);

        assertThat(hex(compact.toFrame())).isEqualTo("0000000a" + "02" + "01020007" + "8001020274");
        assertThat(hex(classic.toFrame())).isEqualTo("00000000");
    }

    @Test
    void refusesStringsThatTheClassicFormCannotHold() {
        WireWriter out = new WireWriter();

        assertThatIllegalArgumentException().isThrownBy(() -> out.writeString("x".repeat(32_768)));
    }
}
