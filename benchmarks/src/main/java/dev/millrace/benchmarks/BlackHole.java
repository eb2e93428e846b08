package dev.millrace.benchmarks;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.serialization.Serializers;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends to a cluster that accepts connections and never answers: either a socket nobody reads, so that not even the topic
 * is known, or a broker that is frozen after the first record. No send may take longer than 5 ms, every record must fail at
 * its deadline and not before, and the heap must be as it was. Exits with 1 otherwise.
 */
final class BlackHole {

    private static final String TOPIC = "black-hole";
    private static final double MAX_SEND_MILLIS = 5;
    private static final long TOLERANCE_MILLIS = 1_000;
    private static final long MAX_HEAP_GROWTH = 8 << 20;

    private BlackHole() {}

    /** Options as {@code name=value}: records, timeout (delivery-timeout, {@code 10s}), results (directory). */
    public static void main(String[] args) throws Exception {
        Options options = Options.parse(Map.of("records", "10000", "timeout", "10s", "results", ""), args);
        boolean isGood;
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + socket.getLocalPort();
            try (Producer<byte[], byte[]> producer = open(address, options)) {
                isGood = run("socket", producer, options);
            }
        }
        try (DevCluster cluster = DevCluster.builder().start()) {
            cluster.createTopic(TOPIC, 4, 1, Map.of());
            try (Producer<byte[], byte[]> producer = open(cluster.bootstrapServers(), options)) {
                for (int partition = 0; partition < 4; partition++) {
                    producer.send(new ProducerRecord<byte[], byte[]>(TOPIC, partition, null, new byte[1]))
                            .get(30, TimeUnit.SECONDS);
                }
                cluster.pause(1);
                isGood &= run("frozen broker", producer, options);
            }
        }
        System.exit(isGood ? 0 : 1);
    }

    private static Producer<byte[], byte[]> open(String address, Options options) {
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(address)
                .requestTimeout(Duration.ofSeconds(3))
                .maxBlock(options.seconds("timeout"))
                .deliveryTimeout(options.seconds("timeout"))
                .bufferMemory(128 << 20)
                .build();
        return Producers.open(config, Serializers.bytes(), Serializers.bytes());
    }

    private static boolean run(String kind, Producer<byte[], byte[]> producer, Options options) throws Exception {
        int records = options.number("records");
        round(producer, records); // loads and compiles what the round that counts uses
        long heapBefore = usedHeapBytes();
        Outcome outcome = round(producer, records);
        long heapGrowth = usedHeapBytes() - heapBefore;
        long timeoutMillis = options.seconds("timeout").toMillis();
        Results.add(
                options.text("results"),
                "black-hole.jsonl",
                String.format(
                        Locale.ROOT,
                        "{\"run\":\"blackhole\",\"hole\":\"%s\",\"records\":%d,\"deliveryTimeoutMillis\":%d,"
                                + "\"sendMaxMillis\":%.3f,\"sendP999Millis\":%.3f,\"sendP50Micros\":%.1f,\"sendsOver5Millis\":%d,"
                                + "\"timedOut\":%d,\"otherOutcomes\":%d,"
                                + "\"failedAfterMinMillis\":%d,\"failedAfterMaxMillis\":%d,\"burstMillis\":%d,"
                                + "\"heapGrowthBytes\":%d,\"jdk\":\"%s\",\"cores\":%d}",
                        kind,
                        records,
                        timeoutMillis,
                        outcome.sendNanos()[records - 1] / 1e6,
                        outcome.sendNanos()[(int) (records * 0.999)] / 1e6,
                        outcome.sendNanos()[records / 2] / 1e3,
                        Arrays.stream(outcome.sendNanos())
                                .filter(nanos -> nanos > MAX_SEND_MILLIS * 1e6)
                                .count(),
                        outcome.timedOut(),
                        records - outcome.timedOut(),
                        outcome.waitedMillis()[0],
                        outcome.waitedMillis()[records - 1],
                        outcome.burstMillis(),
                        heapGrowth,
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors()));
        return outcome.sendNanos()[records - 1] <= MAX_SEND_MILLIS * 1e6
                && outcome.timedOut() == records
                && outcome.waitedMillis()[0] >= timeoutMillis
                && outcome.waitedMillis()[records - 1] <= timeoutMillis + TOLERANCE_MILLIS
                && heapGrowth < MAX_HEAP_GROWTH;
    }

    /**
     * What became of a round.
     *
     * @param sendNanos how long each call took, ascending
     * @param waitedMillis from call to failure, ascending
     * @param timedOut failures that are timeouts
     * @param burstMillis how long all calls took together
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Outcome(long[] sendNanos, long[] waitedMillis, long timedOut, long burstMillis) {}

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
    private static Outcome round(Producer<byte[], byte[]> producer, int records) throws InterruptedException {
        long[] begun = new long[records];
        long[] sendNanos = new long[records];
        AtomicLongArray ended = new AtomicLongArray(records);
        AtomicIntegerArray calls = new AtomicIntegerArray(records);
        LongAdder timedOut = new LongAdder();
        CountDownLatch left = new CountDownLatch(records);
        for (int i = 0; i < records; i++) {
            int number = i;
            byte[] value = new byte[100];
            begun[i] = System.nanoTime();
            producer.send(new ProducerRecord<>(TOPIC, value), (metadata, failure) -> {
                ended.set(number, System.nanoTime());
                if (failure instanceof DeliveryTimeoutException && calls.incrementAndGet(number) == 1) {
                    timedOut.increment();
                }
                left.countDown();
            });
            sendNanos[i] = System.nanoTime() - begun[i];
        }
        long burstNanos = System.nanoTime() - begun[0];
        if (!left.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("records without outcome: " + left.getCount());
        }
        long[] waitedMillis = new long[records];
        for (int i = 0; i < records; i++) {
            waitedMillis[i] = TimeUnit.NANOSECONDS.toMillis(ended.get(i) - begun[i]);
        }
        Arrays.sort(sendNanos);
        Arrays.sort(waitedMillis);
        return new Outcome(sendNanos, waitedMillis, timedOut.sum(), 1 + TimeUnit.NANOSECONDS.toMillis(burstNanos));
    }

    /** After the collector has run, until it finds nothing more. */
    private static long usedHeapBytes() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            ManagementFactory.getMemoryMXBean().gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
