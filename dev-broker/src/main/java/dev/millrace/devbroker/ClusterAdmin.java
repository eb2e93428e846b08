package dev.millrace.devbroker;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.RetriableException;

/** Questions and orders to a running cluster, one connection each. */
final class ClusterAdmin implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final Admin admin;
    private final long deadlineNanos;
    private final Duration timeout;

    ClusterAdmin(String bootstrapServers, Duration timeout) {
        int timeoutMillis = Math.toIntExact(Math.max(1000, timeout.toMillis()));
        this.admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.min(5000, timeoutMillis),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                timeoutMillis,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200));
        this.timeout = timeout;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
    }

    /** Creates a topic and returns when each of its partitions has a leader. */
    void createTopic(NewTopic topic) {
        String attempt = "topic could not be created: topic=" + topic.name() + " partitions=" + topic.numPartitions()
                + " replicationFactor=" + topic.replicationFactor();
        await(attempt, admin.createTopics(List.of(topic)).all());
        awaitTrue(attempt + ": no leader", () -> isLed(topic.name()));
    }

    /** Deletes a topic and returns when the cluster no longer lists it. */
    void deleteTopic(String name) {
        String attempt = "topic could not be deleted: topic=" + name;
        await(attempt, admin.deleteTopics(List.of(name)).all());
        awaitTrue(attempt, () -> !get(admin.listTopics().names()).contains(name));
    }

    /** Returns when the cluster consists of exactly these nodes and has an active controller among them. */
    void awaitNodes(Set<Integer> ids) {
        awaitTrue("cluster is not ready: expected nodes=" + ids, () -> {
            Set<Integer> seen =
                    get(admin.describeCluster().nodes()).stream().map(Node::id).collect(Collectors.toSet());
            return seen.equals(ids);
        });
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private boolean isLed(String topic) throws InterruptedException, ExecutionException {
        TopicDescription description =
                get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
        return description != null
                && description.partitions().stream().allMatch(partition -> Optional.ofNullable(partition.leader())
                        .filter(leader -> !leader.isEmpty())
                        .isPresent());
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException {
        return answer.get();
    }

    private <T> T await(String attempt, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new DevClusterException(attempt + "; cause: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevClusterException(attempt + "; interrupted", e);
        }
    }

    private void awaitTrue(String attempt, Question question) {
        try {
            while (!isTrue(attempt, question)) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw new DevClusterException(attempt + " after " + timeout.toMillis()
                            + " ms; see the logs of the nodes, or wait longer on a slow machine");
                }
                Thread.sleep(POLL.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevClusterException(attempt + "; interrupted", e);
        }
    }

    /** A question that the cluster cannot answer yet is not an error; it is asked again until the deadline. */
    private static boolean isTrue(String attempt, Question question) throws InterruptedException {
        try {
            return question.ask();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException) {
                return false;
            }
            throw new DevClusterException(attempt + "; cause: " + e.getCause(), e);
        }
    }

    private interface Question {
        boolean ask() throws InterruptedException, ExecutionException;
    }
}
