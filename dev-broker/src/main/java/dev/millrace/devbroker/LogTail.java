package dev.millrace.devbroker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of a log file, read from its end. */
final class LogTail {
    private static final int MAX_BYTES = 32 * 1024;

    private LogTail() {}

    static List<String> read(Path logFile, int maxLines) {
        try (SeekableByteChannel channel = Files.newByteChannel(logFile)) {
            channel.position(Math.max(0, channel.size() - MAX_BYTES));
            ByteBuffer end = ByteBuffer.allocate(MAX_BYTES);
            int read;
            do {
                read = channel.read(end);
            } while (read > 0);
            List<String> lines = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.subList(Math.max(0, lines.size() - maxLines), lines.size());
        } catch (IOException e) {
            return List.of("(log file " + logFile + " cannot be read: " + e + ")");
        }
    }
}
