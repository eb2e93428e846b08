package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One thread that sends numbered records while a test hurts the brokers, and the judgement of what became of them.
 *
 * <p>It pauses for {@code -Dmillrace.load.pace-micros} (500 by default) after each; a run of an hour keeps every record in
 * memory, and wants 2000.
 */
final class SteadyLoad {

    private static final int KEYS = 16;
    private static final long PACE_NANOS =
            TimeUnit.MICROSECONDS.toNanos(Long.getLong("millrace.load.pace-micros", 500));

    private final Producer<Integer, Integer> producer;
    private final String topic;
    private final Thread thread = new Thread(this::run, "steady-load");
    private final List<CompletableFuture<RecordMetadata>> futures = new ArrayList<>(); // the thread's until it ends
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean stopped;

    private SteadyLoad(Producer<Integer, Integer> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    static SteadyLoad on(Producer<Integer, Integer> producer, String topic) {
        SteadyLoad load = new SteadyLoad(producer, topic);
        load.thread.setDaemon(true);
        load.thread.start();
        load.awaitMore(500);
        return load;
    }

    /** Waits until so many more records are acknowledged. */
    void awaitMore(int records) {
        int goal = acknowledged.get() + records;
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> acknowledged.get() >= goal);
    }

    /** Ends the load, waits for every record and reads all of it back: each once, where its future said, in order. */
    void stopAndJudge(DevCluster cluster) throws Exception {
        stopped = true;
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(thread.isAlive()).as("send waits for ever").isFalse();
        for (CompletableFuture<RecordMetadata> future : futures) {
            assertThat(future.get(90, TimeUnit.SECONDS).hasOffset()).isTrue();
        }

        Map<Integer, Integer> lastOfPartition = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> log = Reference.readAll(cluster, topic);
        for (ConsumerRecord<byte[], byte[]> record : log) {
            int number = ByteBuffer.wrap(record.value()).getInt();
            RecordMetadata metadata = futures.get(number).get();
            Integer before = lastOfPartition.put(record.partition(), number);
            assertThat(before == null || before < number)
                    .as("partition %s: %s comes after %s", record.partition(), number, before)
                    .isTrue();
            assertThat(record.partition()).isEqualTo(metadata.partition());
            assertThat(record.offset()).isEqualTo(metadata.offset());
        }
        assertThat(log).as("nothing lost, nothing doubled").hasSameSizeAs(futures);
    }

    private void run() {
        for (int number = 0; !stopped; number++) {
            futures.add(producer.send(
                    new ProducerRecord<>(topic, number % KEYS, number), (metadata, failure) -> countUnless(failure)));
            LockSupport.parkNanos(PACE_NANOS);
        }
    }

    private void countUnless(@Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.incrementAndGet();
        }
    }
}
