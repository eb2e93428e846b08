package dev.millrace.producer;

import static dev.millrace.producer.Clients.config;
import static dev.millrace.producer.Clients.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.serialization.Serializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The cluster changes its transaction protocol while a producer is at work: from version 2 on (KIP-890) each transaction has
 * an epoch of its own. Clients hear of the version when they connect, so the broker is restarted, as in any upgrade.
 */
@WithDevCluster(autoCreateTopics = false, dedicated = true)
@Timeout(120)
class TransactionVersionIT {

    private static final String FEATURE = "transaction.version";
    private static final int LIMIT_SECONDS = 60;

    private final String id = "upgraded-" + UUID.randomUUID();
    private final List<String> expected = new ArrayList<>();

    @BeforeEach
    void needsBothVersions(DevCluster cluster) {
        Assumptions.assumeFalse(
                cluster.release().startsWith("2.") || cluster.release().startsWith("3."),
                "brokers have transaction.version 2 from 4.0 on");
    }

    @Test
    void followsTheClusterFromOneProtocolToTheOther(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        setVersion(cluster, 1);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            commit(producer, topic, "old 1");
            short epoch = epoch(cluster, topic);
            commit(producer, topic, "old 2");
            assertThat(epoch(cluster, topic)).as("epoch of version 1").isEqualTo(epoch);

            producer.begin();
            get(producer.send(new ProducerRecord<>(topic, "between 1")));
            setVersion(cluster, 2);
            cluster.restart(1);
            get(producer.send(new ProducerRecord<>(topic, "between 2")));
            producer.commit();
            expected.addAll(List.of("between 1", "between 2"));

            commitUntilEachHasItsEpoch(cluster, producer, topic);
            producer.begin();
            get(producer.send(new ProducerRecord<>(topic, "aborted")));
            producer.abort();
            commit(producer, topic, "new");
        }
        assertThat(CommittedReader.readValues(cluster, topic)).isEqualTo(expected);
    }

    @Test
    void followsTheClusterBack(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 1);
        setVersion(cluster, 2);
        try (TransactionalProducer<String, String> producer = open(cluster)) {
            producer.init();
            commit(producer, topic, "new 1");
            commit(producer, topic, "new 2");
            setVersion(cluster, 1);
            cluster.restart(1);
            for (int i = 0; i < 5; i++) {
                commit(producer, topic, "old " + i);
            }
        }
        assertThat(CommittedReader.readValues(cluster, topic)).isEqualTo(expected);
    }

    private void commitUntilEachHasItsEpoch(
            DevCluster cluster, TransactionalProducer<String, String> producer, String topic) throws Exception {
        int grown = 0;
        short epoch = epoch(cluster, topic);
        for (int i = 0; i < 6; i++) {
            commit(producer, topic, "after " + i);
            short next = epoch(cluster, topic);
            grown += next == epoch ? 0 : 1;
            epoch = next;
        }
        assertThat(grown).as("transactions with an epoch of their own").isPositive();
    }

    private void commit(TransactionalProducer<String, String> producer, String topic, String value) throws Exception {
        producer.begin();
        get(producer.send(new ProducerRecord<>(topic, value)));
        producer.commit();
        expected.add(value);
    }

    private static short epoch(DevCluster cluster, String topic) throws Exception {
        List<ProducerState> producers = Reference.activeProducers(cluster, topic, 0);
        assertThat(producers).hasSize(1);
        return (short) producers.get(0).producerEpoch();
    }

    private static void setVersion(DevCluster cluster, int version) throws Exception {
        try (Admin admin = Reference.admin(cluster)) {
            int current = version(admin);
            if (current != version) {
                FeatureUpdate.UpgradeType type = current < version
                        ? FeatureUpdate.UpgradeType.UPGRADE
                        : FeatureUpdate.UpgradeType.SAFE_DOWNGRADE;
                admin.updateFeatures(
                                Map.of(FEATURE, new FeatureUpdate((short) version, type)), new UpdateFeaturesOptions())
                        .all()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
                Awaitility.await().until(() -> version(admin) == version);
            }
        }
    }

    private static int version(Admin admin) throws Exception {
        return Objects.requireNonNull(admin.describeFeatures()
                        .featureMetadata()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                        .finalizedFeatures()
                        .get(FEATURE))
                .maxVersionLevel();
    }

    private TransactionalProducer<String, String> open(DevCluster cluster) {
        return Producers.builder(
                        config(cluster).transactionalId(id).build(), Serializers.string(), Serializers.string())
                .openTransactional();
    }
}
