package dev.millrace.benchmarks.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

/** The records of a run, the same for every candidate and round. */
final class Samples {

    private static final int MANY = 1 << 12;
    private static final String[] CITIES = {"Berlin", "Porto", "Lyon", "Aarhus", "Gdansk", "Turin", "Leeds", "Ghent"};
    private static final String[] STATES = {"PAID", "SHIPPED", "CREATED", "CANCELLED"};

    private final Sample[] samples;

    Samples(Workload workload) {
        SplittableRandom random = new SplittableRandom(42);
        int different = workload.mode() == Workload.Mode.FIRST ? 1 : MANY;
        samples = new Sample[Math.max(different, workload.partitions())];
        byte[][] values = new byte[different][];
        for (int i = 0; i < different; i++) {
            values[i] = workload.json() ? json(random) : bytes(random, workload.bytes());
        }
        for (int i = 0; i < samples.length; i++) {
            samples[i] = new Sample(
                    workload.partitions() == 0 ? null : Integer.valueOf(i % workload.partitions()),
                    workload.keyed()
                            ? ByteBuffer.allocate(Long.BYTES)
                                    .putLong(random.nextLong())
                                    .array()
                            : null,
                    values[i % different]);
        }
    }

    /** The i-th, beginning again after the last. */
    Sample get(long i) {
        return samples[(int) (i % samples.length)];
    }

    private static byte[] bytes(SplittableRandom random, int size) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        return value;
    }

    private static byte[] json(SplittableRandom random) {
        String text = String.format(
                Locale.ROOT,
                "{\"orderId\":\"%016x\",\"customer\":{\"id\":%d,\"name\":\"Customer"
                        + " %d\",\"city\":\"%s\",\"postcode\":\"%05d\"},"
                        + "\"items\":[{\"sku\":\"SKU-%06d\",\"quantity\":%d,\"price\":%d.%02d},"
                        + "{\"sku\":\"SKU-%06d\",\"quantity\":%d,\"price\":%d.%02d}],"
                        + "\"currency\":\"EUR\",\"state\":\"%s\",\"createdAt\":\"2026-11-%02dT%02d:%02d:%02d.%03dZ\"}",
                random.nextLong(),
                random.nextInt(100_000),
                random.nextInt(100_000),
                CITIES[random.nextInt(CITIES.length)],
                random.nextInt(100_000),
                random.nextInt(1_000_000),
                1 + random.nextInt(9),
                random.nextInt(500),
                random.nextInt(100),
                random.nextInt(1_000_000),
                1 + random.nextInt(9),
                random.nextInt(500),
                random.nextInt(100),
                STATES[random.nextInt(STATES.length)],
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                random.nextInt(1_000));
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
