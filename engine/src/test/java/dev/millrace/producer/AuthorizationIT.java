package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import dev.millrace.devbroker.DevListener;
import dev.millrace.devbroker.DevMechanism;
import dev.millrace.devbroker.DevSecurity;
import dev.millrace.devbroker.junit.DevClusterExtension;
import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an ACL does not allow fails and nothing else, in words that say which ACL is missing; once it is added, the same
 * producer goes on.
 */
@Timeout(120)
class AuthorizationIT {

    private static final String LISTENER = "SASL";
    private static final String CLUSTER_NAME = "kafka-cluster";
    private static final String PASSWORD = "secret";
    private static final List<String> USERS =
            List.of("metadata", "writes", "revoked", "cluster", "id", "group", "offsets", "enrol", "lost");

    @RegisterExtension
    static final DevClusterExtension CLUSTER = DevClusterExtension.of(builder());

    private final DevCluster cluster;
    private final DevSecurity security;
    private String open = "";
    private String closed = "";

    AuthorizationIT(DevCluster cluster) {
        this.cluster = cluster;
        this.security = cluster.security();
    }

    private static DevClusterBuilder builder() {
        DevClusterBuilder builder = DevCluster.builder()
                .autoCreateTopics(false)
                .acls()
                .listener(LISTENER, DevListener.plaintext().sasl(DevMechanism.PLAIN));
        USERS.forEach(user -> builder.user(user, PASSWORD));
        return builder;
    }

    @BeforeEach
    void topics() {
        open = Reference.newTopic(cluster, 1);
        closed = Reference.newTopic(cluster, 1);
    }

    @Test
    void aTopicThatMayNotBeSeenFailsAloneUntilItIsGranted() throws Exception {
        allowToWrite("metadata", open);
        try (Producer<String, String> producer = open("metadata")) {
            AuthorizationException failure = refused(producer, closed);

            assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(failure.stage()).isEqualTo(Stage.METADATA);
            assertThat(failure.recovery()).isEqualTo(Recovery.CHANGE_CLUSTER);
            assertThat(failure.missing()).isEqualTo(Permission.toWrite(closed));
            assertThat(failure).hasMessageContaining(failure.missing().remedy());
            send(producer, open, "open");

            security.allow("metadata", ResourceType.TOPIC, closed, AclOperation.WRITE);

            sendOnceItIsAllowed(producer, closed);
        }
        assertThat(Reference.readValues(cluster, open)).containsExactly("open");
        assertThat(Reference.readValues(cluster, closed)).containsExactly("allowed");
    }

    @Test
    void aTopicThatMayBeSeenAndNotWrittenFailsAloneUntilItIsGranted() throws Exception {
        allowToWrite("writes", open);
        security.allow("writes", ResourceType.TOPIC, closed, AclOperation.DESCRIBE);
        try (Producer<String, String> producer = open("writes")) {
            AuthorizationException failure = refused(producer, closed);

            assertThat(failure.errorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(failure.stage()).isEqualTo(Stage.IN_FLIGHT);
            assertThat(failure.mayHaveBeenWritten()).isFalse();
            assertThat(failure.missing()).isEqualTo(Permission.toWrite(closed));
            send(producer, open, "open");

            security.allow("writes", ResourceType.TOPIC, closed, AclOperation.WRITE);

            sendOnceItIsAllowed(producer, closed);
        }
        assertThat(Reference.readValues(cluster, closed)).containsExactly("allowed");
    }

    @Test
    void aPermissionThatIsTakenAndGivenBackLeavesNoGap() throws Exception {
        allowToWrite("revoked", closed);
        try (Producer<String, String> producer = open("revoked")) {
            send(producer, closed, "before");
            security.revoke("revoked", ResourceType.TOPIC, closed, AclOperation.WRITE);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> failureOf(producer, closed, "no") != null);

            security.allow("revoked", ResourceType.TOPIC, closed, AclOperation.WRITE);

            sendOnceItIsAllowed(producer, closed);
            send(producer, closed, "after");
        }
        assertThat(Reference.readValues(cluster, closed))
                .filteredOn(value -> !value.equals("no")) // those that were sent before the broker knew
                .containsExactly("before", "allowed", "after");
    }

    @Test
    void idempotenceNeedsAPermissionOfItsOwnOrThatOfAnyTopic() throws Exception {
        security.allow("cluster", ResourceType.TOPIC, closed, AclOperation.DESCRIBE);
        try (Producer<String, String> producer = open("cluster")) {
            AuthorizationException failure = refused(producer, closed);

            assertThat(failure.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
            assertThat(failure.missing()).isEqualTo(Permission.toWriteIdempotently());
            assertThat(failure).hasMessageContaining(failure.missing().remedy());
            assertThat(failure).hasMessageContaining("(enable.idempotence)=false");

            allowToWrite("cluster", closed);

            sendOnceItIsAllowed(producer, closed);
        }
        assertThat(Reference.readValues(cluster, closed)).containsExactly("allowed");
    }

    @Test
    void aTransactionalIdIsRefusedUntilItIsGranted() {
        CommittedReader.assumeTransactions(cluster);
        String id = "tx-" + UUID.randomUUID();
        allowToWrite("id", open);
        try (TransactionalProducer<String, String> producer = openTransactional("id", id)) {
            assertThatThrownBy(producer::init).isInstanceOfSatisfying(AuthorizationException.class, failure -> {
                assertThat(failure.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
                assertThat(failure.missing()).isEqualTo(Permission.toUseTransactionalId(id));
                assertThat(failure).hasMessageContaining(failure.missing().remedy());
            });

            security.allow("id", ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);

            producer.init();
            producer.inTransaction(each -> submit(each, open, "allowed"));
        }
        assertThat(CommittedReader.readValues(cluster, open)).containsExactly("allowed");
    }

    /** What the coordinator has of the transaction is out of this producer's reach, so the next one ends it. */
    @Test
    void aTransactionalIdThatIsTakenAwayInATransactionNeedsANewProducerInTheSameProcess() throws Exception {
        CommittedReader.assumeTransactions(cluster);
        allowToWrite("lost", open);
        String id = "tx-" + UUID.randomUUID();
        security.allow("lost", ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
        List<String> committed = new ArrayList<>();
        try (TransactionalProducer<String, String> producer = openTransactional("lost", id)) {
            producer.init();
            producer.begin();
            Clients.get(producer.send(new ProducerRecord<>(open, "first")));
            security.revoke("lost", ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
            FatalProducerException failure = commitUntilItIsRefused(producer, "first", committed);

            assertThat(failure.errorCode()).isEqualTo(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            assertThat(failure.recovery()).isEqualTo(Recovery.NEW_PRODUCER);
            assertThat(failure)
                    .hasMessageContaining(Permission.toUseTransactionalId(id).remedy());
            assertThat(producer.state()).isEqualTo(TransactionState.FAILED);
        }

        try (TransactionalProducer<String, String> next = openTransactional("lost", id)) {
            assertThatThrownBy(next::init).isInstanceOf(AuthorizationException.class);
            security.allow("lost", ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> isInitialised(next));
            next.inTransaction(each -> submit(each, open, "allowed"));
        }
        committed.add("allowed");
        assertThat(CommittedReader.readValues(cluster, open)).isEqualTo(committed);
    }

    /** Brokers learn of it a moment later, so some transactions may pass. */
    private FatalProducerException commitUntilItIsRefused(
            TransactionalProducer<String, String> producer, String value, List<String> committed) {
        String open = value;
        for (int i = 0; i < 1_000; i++) {
            try {
                producer.commit();
                committed.add(open);
                producer.begin();
                open = "next " + i;
                submit(producer, this.open, open);
            } catch (TransactionFailedException refused) {
                return (FatalProducerException) Objects.requireNonNull(refused.getCause());
            }
        }
        throw new AssertionError("still allowed");
    }

    private static boolean isInitialised(TransactionalProducer<String, String> producer) {
        try {
            producer.init();
            return true;
        } catch (AuthorizationException notYet) {
            return false;
        }
    }

    @Test
    void aTopicThatMayNotBeWrittenSpoilsItsTransactionOnly() {
        CommittedReader.assumeTransactions(cluster);
        security.allow("enrol", ResourceType.TOPIC, closed, AclOperation.DESCRIBE);
        allowToWrite("enrol", open);
        try (TransactionalProducer<String, String> producer = initialised("enrol")) {
            producer.begin();
            submit(producer, open, "aborted");
            CompletableFuture<RecordMetadata> refused = producer.send(new ProducerRecord<>(closed, "refused"));
            assertThatThrownBy(() -> Clients.get(refused)).isInstanceOf(ExecutionException.class);
            assertThat(producer.state()).isEqualTo(TransactionState.ABORT_ONLY);
            assertThatThrownBy(producer::commit).hasMessageContaining("WRITE on topic " + closed);

            security.allow("enrol", ResourceType.TOPIC, closed, AclOperation.WRITE);

            producer.inTransaction(each -> submit(each, open, "open") && submit(each, closed, "allowed"));
        }
        assertThat(CommittedReader.readValues(cluster, open)).containsExactly("open");
        assertThat(CommittedReader.readValues(cluster, closed)).containsExactly("allowed");
    }

    @Test
    void offsetsOfAGroupNeedItsPermission() throws Exception {
        CommittedReader.assumeTransactions(cluster);
        String group = "group-" + UUID.randomUUID();
        allowToWrite("group", open);
        security.allow("group", ResourceType.TOPIC, closed, AclOperation.READ);
        try (TransactionalProducer<String, String> producer = initialised("group")) {
            producer.begin();
            submit(producer, open, "aborted");
            assertThatThrownBy(() -> sendOffsets(producer, group))
                    .isInstanceOfSatisfying(AuthorizationException.class, failure -> {
                        assertThat(failure.errorCode()).isEqualTo(ErrorCode.GROUP_AUTHORIZATION_FAILED);
                        assertThat(failure.missing()).isEqualTo(Permission.toReadGroup(group));
                        assertThat(failure)
                                .hasMessageContaining(failure.missing().remedy());
                    });
            producer.abort();

            security.allow("group", ResourceType.GROUP, group, AclOperation.READ);

            producer.begin();
            submit(producer, open, "moved");
            sendOffsets(producer, group);
            producer.commit();
        }
        assertThat(CommittedReader.readValues(cluster, open)).containsExactly("moved");
        assertThat(CommittedReader.groupOffset(cluster, group, new org.apache.kafka.common.TopicPartition(closed, 0)))
                .isEqualTo(7);
    }

    @Test
    void offsetsOfATopicNeedThePermissionToReadIt() {
        CommittedReader.assumeTransactions(cluster);
        String group = "group-" + UUID.randomUUID();
        allowToWrite("offsets", open);
        security.allow("offsets", ResourceType.GROUP, group, AclOperation.READ);
        try (TransactionalProducer<String, String> producer = initialised("offsets")) {
            producer.begin();
            assertThatThrownBy(() -> sendOffsets(producer, group))
                    .isInstanceOfSatisfying(AuthorizationException.class, failure -> assertThat(failure.missing())
                            .isEqualTo(Permission.toReadTopics(closed)));
            producer.abort();

            security.allow("offsets", ResourceType.TOPIC, closed, AclOperation.READ);

            producer.begin();
            sendOffsets(producer, group);
            producer.commit();
        }
    }

    /** Includes what idempotence needs where that is not included by itself (KIP-679). */
    private void allowToWrite(String user, String topic) {
        security.allow(user, ResourceType.TOPIC, topic, AclOperation.WRITE);
        if (cluster.release().matches("2\\.[0-7]\\..*")) {
            security.allow(user, ResourceType.CLUSTER, CLUSTER_NAME, AclOperation.IDEMPOTENT_WRITE);
        }
    }

    private Producer<String, String> open(String user) {
        return Producers.open(settings(user, Map.of()).config(), Serializers.string(), Serializers.string());
    }

    private TransactionalProducer<String, String> initialised(String user) {
        String id = "tx-" + UUID.randomUUID();
        security.allow(user, ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
        TransactionalProducer<String, String> producer = openTransactional(user, id);
        producer.init();
        return producer;
    }

    private TransactionalProducer<String, String> openTransactional(String user, String id) {
        return Producers.builder(
                        settings(user, Map.of("transactional.id", id)).config(),
                        Serializers.string(),
                        Serializers.string())
                .openTransactional();
    }

    private ProducerSettings<String, String> settings(String user, Map<String, String> more) {
        Map<String, @Nullable Object> properties =
                new HashMap<>(security.clientSettings(LISTENER, DevMechanism.PLAIN, user, PASSWORD));
        properties.putAll(more);
        return KafkaPropertyNames.read(properties, Serializers.string(), Serializers.string());
    }

    private static void send(Producer<String, String> producer, String topic, String value) throws Exception {
        Clients.get(producer.send(new ProducerRecord<>(topic, value)));
    }

    /** The brokers learn of permissions a moment after the cluster does, and the producer asks with a record. */
    private static void sendOnceItIsAllowed(Producer<String, String> producer, String topic) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> failureOf(producer, topic, "allowed") == null);
    }

    private static AuthorizationException refused(Producer<String, String> producer, String topic) throws Exception {
        Throwable failure = failureOf(producer, topic, "refused");
        assertThat(failure).isInstanceOf(AuthorizationException.class);
        return (AuthorizationException) Objects.requireNonNull(failure);
    }

    private static @Nullable Throwable failureOf(Producer<String, String> producer, String topic, String value)
            throws Exception {
        try {
            send(producer, topic, value);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    private static boolean submit(TransactionalProducer<String, String> producer, String topic, String value) {
        CompletableFuture<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, value));
        return !sent.isCompletedExceptionally();
    }

    private void sendOffsets(TransactionalProducer<String, String> producer, String group) {
        producer.sendOffsets(
                Map.of(new TopicPartition(closed, 0), new OffsetAndMetadata(7)), new ConsumerGroupMetadata(group));
    }
}
