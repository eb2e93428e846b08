package dev.millrace.benchmarks.transactions;

import dev.millrace.devbroker.DevCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Kills the node that coordinates the transactions of one worker after another and starts it again, until told to end.
 *
 * <p>Unless told otherwise it waits before the start until another node coordinates. A node that is back before its session
 * has ended takes itself for the coordinator it was, acts on what it had not replicated, and is then replaced: brokers of
 * 4.3 have committed a transaction in some partitions and aborted it in others that way (docs/endurance.md).
 */
final class CoordinatorKiller implements Runnable {

    private static final String TRANSACTION_LOG = "__transaction_state";
    private static final int NONE = -1;
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final DevCluster cluster;
    private final int workers;
    private final Duration pause;
    private final boolean startsAtOnce;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int kills;
    private volatile @Nullable Exception failure;

    /** Kills so often; a node that needs longer to come back is waited for. */
    CoordinatorKiller(DevCluster cluster, int workers, Duration pause, boolean startsAtOnce) {
        this.cluster = cluster;
        this.workers = workers;
        this.pause = pause;
        this.startsAtOnce = startsAtOnce;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    public void run() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            long nextNanos = System.nanoTime() + pause.toNanos();
            while (!ended.await(nextNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                int node = coordinator(admin, SendingWorker.transactionalId(kills % workers));
                if (node == NONE) {
                    nextNanos += RETRY.toNanos();
                } else {
                    nextNanos = System.nanoTime() + pause.toNanos();
                    cluster.kill(node);
                    if (!startsAtOnce) {
                        awaitSuccessor(admin, node);
                    }
                    kills++;
                    cluster.start(node);
                    cluster.awaitReady(LIMIT);
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
        return kills;
    }

    /** Why it stopped early, or {@code null}. */
    @Nullable Exception failure() {
        return failure;
    }

    private void awaitSuccessor(Admin admin, int killed)
            throws InterruptedException, ExecutionException, TimeoutException {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        int now = killed;
        while (now == killed || now == NONE) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("nobody coordinates instead of node " + killed);
            }
            TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            now = coordinator(admin, SendingWorker.transactionalId(kills % workers));
        }
    }

    /** The leader of the partition of the transaction log that the id falls on; {@link #NONE} while there is none. */
    private static int coordinator(Admin admin, String transactionalId)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            Map<String, TopicDescription> topics = admin.describeTopics(List.of(TRANSACTION_LOG))
                    .allTopicNames()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            List<TopicPartitionInfo> partitions =
                    Objects.requireNonNull(topics.get(TRANSACTION_LOG)).partitions();
            Node leader = partitions
                    .get((transactionalId.hashCode() & Integer.MAX_VALUE) % partitions.size())
                    .leader();
            return leader == null ? NONE : leader.id();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return NONE; // the first transaction makes the log
            }
            throw e;
        }
    }
}
