package dev.millrace.producer.internal.record;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random parts of records, with the edges of lengths among them. */
final class RandomRecords {

    private static final String[] HEADER_KEYS = {"", "h", "trace-id", "é", "中文", "😀", "k".repeat(70)};

    private final Random random;

    RandomRecords(Random random) {
        this.random = random;
    }

    byte @Nullable [] nullableBytes() {
        if (random.nextInt(4) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(20) == 0 ? 8_180 + random.nextInt(20) : random.nextInt(80)];
        random.nextBytes(bytes);
        return bytes;
    }

    Headers headers() {
        List<Header> headers = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            headers.add(new Header(HEADER_KEYS[random.nextInt(HEADER_KEYS.length)], nullableBytes()));
        }
        return Headers.of(headers);
    }

    /** Of any magnitude and sign. */
    long timestampDeltaMillis() {
        return random.nextLong() >> random.nextInt(64);
    }

    /** Of any magnitude, not negative. */
    int offsetDelta() {
        return (random.nextInt() >>> 1) >> random.nextInt(31);
    }
}
