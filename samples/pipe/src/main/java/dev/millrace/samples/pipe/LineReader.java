package dev.millrace.samples.pipe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines at each newline byte. Nothing is decoded: a carriage return, a NUL and bytes that
 * are no UTF-8 stay as they are.
 *
 * <p>Memory is bounded: of a line longer than the limit only the first bytes are kept, the rest is counted and skipped.
 * Confined to one thread.
 */
final class LineReader {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long lines;

    LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** The next line, or null at the end. What follows the last newline is a line unless it is empty. */
    @Nullable Line next() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long sizeBytes = 0;
        while (position < limit || fill()) {
            int end = indexOfNewline();
            int length = end - position;
            kept.write(buffer, position, Math.min(length, maxLineBytes - kept.size()));
            sizeBytes += length;
            position = end;
            if (end < limit) {
                position++; // the newline
                return line(kept, sizeBytes);
            }
        }
        return sizeBytes == 0 ? null : line(kept, sizeBytes);
    }

    private Line line(ByteArrayOutputStream kept, long sizeBytes) {
        lines++;
        return new Line(lines, kept.toByteArray(), sizeBytes);
    }

    /** Where the next newline is, or {@code limit}. */
    private int indexOfNewline() {
        int at = position;
        while (at < limit && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
