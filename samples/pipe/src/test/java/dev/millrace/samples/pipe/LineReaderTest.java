package dev.millrace.samples.pipe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int LIMIT = 1_000_000;

    @Test
    void cutsAtEachNewline() throws IOException {
        assertThat(lines("a\nbc\n")).containsExactly("a", "bc");
    }

    @Test
    void keepsEmptyLines() throws IOException {
        assertThat(lines("\n\na\n\n")).containsExactly("", "", "a", "");
    }

    @Test
    void takesTheLastLineWithoutNewline() throws IOException {
        assertThat(lines("a\nb")).containsExactly("a", "b");
    }

    @Test
    void findsNoLineInNothing() throws IOException {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void changesNoByte() throws IOException {
        StringBuilder allBytes = new StringBuilder();
        for (char b = 0; b < 256; b++) {
            if (b != '\n') {
                allBytes.append(b);
            }
        }
        assertThat(lines(allBytes + "\n\r\n\u0000\n")).containsExactly(allBytes.toString(), "\r", "\u0000");
    }

    @Test
    void joinsALineThatComesInPieces() throws IOException {
        InputStream oneByteAtATime = new ByteArrayInputStream("first\nsecond".getBytes(ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
        assertThat(lines(new LineReader(oneByteAtATime, LIMIT))).containsExactly("first", "second");
    }

    @Test
    void readsALineLongerThanItsBuffer() throws IOException {
        String line = "x".repeat(200_000);
        assertThat(lines(line + "\nnext")).containsExactly(line, "next");
    }

    @Test
    void keepsNoMoreOfALineThanTheLimit() throws IOException {
        String input = "x".repeat(200_000) + "\nnext\n";
        LineReader reader = new LineReader(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), 10);

        Line cut = Objects.requireNonNull(reader.next());
        Line next = Objects.requireNonNull(reader.next());

        assertThat(cut.isCut()).isTrue();
        assertThat(cut.bytes()).hasSize(10);
        assertThat(cut.sizeBytes()).isEqualTo(200_000);
        assertThat(next.isCut()).isFalse();
        assertThat(next.number()).isEqualTo(2);
    }

    private static List<String> lines(String input) throws IOException {
        return lines(new LineReader(new ByteArrayInputStream(input.getBytes(ISO_8859_1)), LIMIT));
    }

    private static List<String> lines(LineReader reader) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Line line = reader.next(); line != null; line = reader.next()) {
            lines.add(new String(line.bytes(), ISO_8859_1));
        }
        return lines;
    }
}
