package dev.millrace.samples.pipe;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Turns lines into records of one topic. Immutable. */
final class RecordFormat {
    private final String topic;
    private final @Nullable Integer partition;

    /** Empty for lines that are values as a whole. */
    private final byte[] separator;

    RecordFormat(String topic, @Nullable Integer partition, byte[] separator) {
        this.topic = topic;
        this.partition = partition;
        this.separator = separator.clone();
    }

    /** The key is what stands before the first separator; a line without separator has no key. */
    ProducerRecord<byte[], byte[]> toRecord(byte[] line) {
        int at = separator.length == 0 ? -1 : indexOfSeparator(line);
        if (at < 0) {
            return record(null, line);
        }
        return record(Arrays.copyOfRange(line, 0, at), Arrays.copyOfRange(line, at + separator.length, line.length));
    }

    private ProducerRecord<byte[], byte[]> record(byte @Nullable [] key, byte[] value) {
        return new ProducerRecord<>(topic, partition, null, key, value, Headers.empty());
    }

    private int indexOfSeparator(byte[] line) {
        for (int at = 0; at <= line.length - separator.length; at++) {
            if (Arrays.equals(line, at, at + separator.length, separator, 0, separator.length)) {
                return at;
            }
        }
        return -1;
    }
}
