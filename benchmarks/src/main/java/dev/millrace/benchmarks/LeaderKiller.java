package dev.millrace.benchmarks;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.Producer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Kills the leader of one partition after another and starts it again, until told to end. */
final class LeaderKiller implements Runnable {

    private final DevCluster cluster;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Duration pause;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger kills = new AtomicInteger();
    private volatile @Nullable Exception failure;

    LeaderKiller(DevCluster cluster, Producer<byte[], byte[]> producer, String topic, Duration pause) {
        this.cluster = cluster;
        this.producer = producer;
        this.topic = topic;
        this.pause = pause;
    }

    @Override
    public void run() {
        try {
            while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                List<PartitionInfo> partitions = producer.partitionsFor(topic).get(60, TimeUnit.SECONDS);
                int leader = partitions.get(kills.get() % partitions.size()).leader();
                if (leader > 0) {
                    cluster.kill(leader);
                    kills.incrementAndGet();
                    cluster.start(leader);
                    cluster.awaitReady(Duration.ofMinutes(2));
                }
            }
        } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
            failure = e;
        }
    }

    /** No further kill; the one under way is brought to its end by the thread. */
    void end() {
        ended.countDown();
    }

    int kills() {
        return kills.get();
    }

    /** Why it stopped early, or {@code null}. */
    @Nullable Exception failure() {
        return failure;
    }
}
