package dev.millrace.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Header;
import dev.millrace.producer.UndeliveredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Appends what was not delivered to a file, a line of JSON for each record: {@code topic}, {@code partition} (-1 if none was
 * chosen), {@code timestamp} in milliseconds, {@code mayHaveBeenWritten}, and in Base64 {@code key}, {@code value} and the
 * {@code headers} as pairs of name and value; a null is {@code null}. A record that had no bytes yet says {@code
 * "serialized":false}. The file is on the disk when {@link #take} returns, and if it did not exist nobody but its owner may
 * read it, where the file system knows of such things: it has contents.
 */
public final class UndeliveredRecordsFile implements UndeliveredRecords {

    private final Path file;
    private final ReentrantLock lock = new ReentrantLock(); // one producer at a time

    /** In this file, whose directory has to exist by then. */
    public UndeliveredRecordsFile(Path file) {
        this.file = Objects.requireNonNull(file, "file must not be null");
    }

    /** Throws {@link UncheckedIOException} if the file cannot be written. */
    @Override
    public void take(String producerName, List<UndeliveredRecord> records) {
        String lines = records.stream().map(UndeliveredRecordsFile::line).collect(Collectors.joining());
        lock.lock();
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownersOnly())) {
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException cause) {
            throw new UncheckedIOException("undelivered records are not in " + file, cause);
        } finally {
            lock.unlock();
        }
    }

    private static FileAttribute<?>[] ownersOnly() {
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String line(UndeliveredRecord record) {
        String headers = record.headers().asList().stream()
                .map(UndeliveredRecordsFile::pair)
                .collect(Collectors.joining(",", "[", "]"));
        return "{\"topic\":\"" + escaped(record.topic()) + "\",\"partition\":" + record.partition() + ",\"timestamp\":"
                + record.timestamp() + ",\"mayHaveBeenWritten\":"
                + record.failure().mayHaveBeenWritten() + (record.isSerialized() ? "" : ",\"serialized\":false")
                + ",\"key\":" + base64(record.key()) + ",\"value\":" + base64(record.value()) + ",\"headers\":"
                + headers + "}\n";
    }

    private static String pair(Header header) {
        return "[" + base64(header.key().getBytes(UTF_8)) + "," + base64(header.value()) + "]";
    }

    private static String base64(byte @Nullable [] bytes) {
        return bytes == null ? "null" : "\"" + Base64.getEncoder().encodeToString(bytes) + "\"";
    }

    /** The cluster allows harmless characters only, but the record may have failed for another. */
    private static String escaped(String topic) {
        StringBuilder text = new StringBuilder(topic.length());
        topic.chars().forEach(each -> {
            if (each < ' ' || each == '"' || each == '\\') {
                text.append("\\u%04x".formatted(each));
            } else {
                text.append((char) each);
            }
        });
        return text.toString();
    }
}
