package dev.millrace.devbroker;

import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;

/** Questions and orders to a running cluster, for one task each. */
final class ClusterAdmin implements AutoCloseable {
    private static final int SCRAM_ITERATIONS = 4096;
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
        awaitTrue(attempt, () -> isCreated(topic));
        awaitTrue(attempt + ": no leader", () -> isLed(topic.name()));
    }

    /** False while the controller does not know yet of nodes that know of each other, which ZooKeeper takes turns to tell. */
    private boolean isCreated(NewTopic topic) throws InterruptedException, ExecutionException {
        try {
            get(admin.createTopics(List.of(topic)).all());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidReplicationFactorException
                    && get(admin.describeCluster().nodes()).size() >= topic.replicationFactor()) {
                return false;
            }
            throw e;
        }
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

    /** Adds a user of SCRAM or changes the password. */
    void setScramUser(ScramMechanism mechanism, String user, String password) {
        ScramCredentialInfo shape = new ScramCredentialInfo(mechanism, SCRAM_ITERATIONS);
        await(
                "user could not be set: user=" + user + " mechanism=" + mechanism.mechanismName(),
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(user, shape, password)))
                        .all());
    }

    void removeScramUser(ScramMechanism mechanism, String user) {
        await(
                "user could not be removed: user=" + user + " mechanism=" + mechanism.mechanismName(),
                admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(user, mechanism)))
                        .all());
    }

    /** Adds permissions and returns when the cluster lists them. */
    void createAcls(List<AclBinding> bindings) {
        String attempt = "permissions could not be given: " + bindings;
        await(attempt, admin.createAcls(bindings).all());
        awaitTrue(attempt, () -> get(admin.describeAcls(AclBindingFilter.ANY).values())
                .containsAll(bindings));
    }

    /** Takes permissions back and returns when the cluster does not list them. */
    void deleteAcls(List<AclBinding> bindings) {
        String attempt = "permissions could not be taken back: " + bindings;
        await(
                attempt,
                admin.deleteAcls(bindings.stream().map(AclBinding::toFilter).toList())
                        .all());
        awaitTrue(
                attempt,
                () -> Collections.disjoint(
                        get(admin.describeAcls(AclBindingFilter.ANY).values()), bindings));
    }

    /** Changes a setting of one node and returns when the node has it. */
    void changeSetting(int node, String name, String value) {
        String attempt = "setting could not be changed: node=" + node + " " + name + "=" + value;
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(node));
        AlterConfigOp change = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        await(
                attempt,
                admin.incrementalAlterConfigs(Map.of(broker, List.of(change))).all());
        awaitTrue(attempt, () -> {
            Config seen = get(admin.describeConfigs(List.of(broker)).all()).get(broker);
            ConfigEntry entry = seen == null ? null : seen.get(name);
            return entry != null && value.equals(entry.value());
        });
    }

    /** Whether a cluster lets in a client with these settings. */
    static boolean logsIn(Map<String, String> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5000);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
        Admin asClient = Admin.create(settings);
        try {
            asClient.describeCluster().clusterId().get();
            return true;
        } catch (ExecutionException refusedOrLost) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DevClusterException("interrupted while logging in", e);
        } finally {
            asClient.close(Duration.ZERO);
        }
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

    void awaitTrue(String attempt, Question question) {
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

    interface Question {
        boolean ask() throws InterruptedException, ExecutionException;
    }
}
