package dev.millrace.producer.internal.metadata;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.metadataSettings;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.metadata.MetadataSettings.Rebootstrap;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How a cluster is found, and found again. */
class ClusterBootstrapTest extends MetadataWorld {

    @Test
    void describesTheClusterAtTheStart() {
        assertThat(metadata.snapshot().version()).isZero();
        metadata.start();
        loop.runReady();
        assertThat(metadata.snapshot().version()).isEqualTo(1);
        assertThat(events).containsExactly("update");
        assertThat(asked).containsExactly(List.of());
        assertThat(bootstrap.connections()).as("has done its part").isZero();
    }

    @Test
    void triesBootstrapAddressesInTurn() {
        BrokerAddress dead = new BrokerAddress("dead", 9092);
        SimulatedBroker silent = network.broker("silent", 9092);
        silent.ignoreConnections();
        metadata = create(metadataSettings(dead, silent.address(), bootstrap.address()));
        metadata.start();
        loop.advance(SECOND);
        assertThat(network.attempts()).containsExactly(dead, silent.address());
        MetadataProblem problem = requireNonNull(metadata.lastProblem());
        assertThat(problem.attempts()).isEqualTo(1);
        assertThat(problem.describe(loop.nanos()))
                .isEqualTo("no metadata for 1000 ms, attempts=1: nothing listens at dead:9092 (connection refused)");

        loop.advance(Duration.ofSeconds(10));
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(1);
        assertThat(metadata.lastProblem()).as("nobody is told of what is over").isNull();
        assertThat(events).containsExactly("failure", "failure", "update");
    }

    @Test
    void keepsTryingWithGrowingPausesWhileNothingListens() {
        bootstrap.goDown();
        metadata.start();
        loop.advance(Duration.ofSeconds(10));
        assertThat(network.attempts().size()).isBetween(10, 16);
        bootstrap.comeUp();
        loop.advance(Duration.ofMillis(1001));
        assertThat(metadata.snapshot().version()).isEqualTo(1);
    }

    /** 20. */
    @Test
    @Tag("row-20")
    void takesAnEmptyListOfBrokersForAFailure() {
        start();
        ClusterSnapshot before = metadata.snapshot();
        node.on(ApiKey.METADATA, request -> request.answer(new MetadataAnswer().build()));
        bootstrap.on(ApiKey.METADATA, request -> request.answer(new MetadataAnswer().build()));
        metadata.requestUpdate();
        loop.advance(SECOND);
        assertThat(metadata.snapshot()).isSameAs(before);
        assertThat(metadata.lastProblem()).isNotNull();
        assertThat(events).contains("failure").doesNotContain("update");
        describeOn(node);
        describeOn(bootstrap);
        loop.advance(Duration.ofSeconds(2));
        assertThat(events).contains("update");
    }

    /** 23 (KIP-899). */
    @Test
    @Tag("row-23")
    void findsAClusterThatMovedByItsBootstrapAddresses() {
        start();
        SimulatedBroker moved = network.broker("b2", 9092);
        describeOn(moved);
        node.goDown();
        bootstrap.on(
                ApiKey.METADATA,
                request -> request.answer(new MetadataAnswer().node(2, moved).build()));
        metadata.requestUpdate();
        loop.advance(SECOND);
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(2);
        assertThat(metadata.lastProblem()).isNull();
    }

    /** 23. */
    @Test
    @Tag("row-23")
    void staysWithTheNodesKnownIfToldSo() {
        metadata = create(metadataSettings(Rebootstrap.NEVER, bootstrap.address()));
        start();
        int attempts = attemptsAtBootstrap();
        node.goDown();
        metadata.requestUpdate();
        loop.advance(Duration.ofMinutes(3));
        assertThat(metadata.lastProblem()).isNotNull();
        loop.advance(Duration.ofMinutes(7));
        assertThat(attemptsAtBootstrap()).isEqualTo(attempts);
        node.comeUp();
        loop.advance(Duration.ofSeconds(2));
        assertThat(metadata.lastProblem()).isNull();
    }

    @Test
    void comesBackByTheNodesKnownIfTheBootstrapAddressesAreGone() {
        start();
        bootstrap.goDown();
        node.goDown();
        metadata.requestUpdate();
        loop.advance(Duration.ofSeconds(20));
        assertThat(metadata.lastProblem()).isNotNull();
        assertThat(network.attempts().size()).as("no storm").isLessThan(70);
        node.comeUp();
        loop.advance(Duration.ofSeconds(3));
        assertThat(metadata.lastProblem()).isNull();
    }

    /** 24 (KIP-1102). */
    @Test
    @Tag("row-24")
    void beginsAgainWhenTheBrokerSaysSo() {
        start();
        int attempts = attemptsAtBootstrap();
        node.on(
                ApiKey.METADATA,
                request -> request.answer(new MetadataAnswer()
                        .node(1, node)
                        .error(ErrorCode.REBOOTSTRAP_REQUIRED)
                        .build()));
        metadata.requestUpdate();
        loop.advance(SECOND);
        assertThat(attemptsAtBootstrap()).isEqualTo(attempts + 1);
        assertThat(metadata.lastProblem()).isNull();
    }

    /** KAFKA-17885: nodes that take connections and give no metadata do not keep it from the bootstrap addresses. */
    @Test
    void leavesNodesThatGiveNoMetadata() {
        start();
        SimulatedBroker second = network.broker("b2", 9092);
        node.on(ApiKey.METADATA, request -> request.answer(new MetadataAnswer().build())); // it knows of no brokers
        bootstrap.on(
                ApiKey.METADATA,
                request -> request.answer(new MetadataAnswer().node(2, second).build()));
        metadata.requestUpdate();
        loop.advance(SECOND);
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(2);
    }

    /** KIP-1102: after the trigger time the nodes are forgotten. */
    @Test
    void beginsAgainAfterTooLongWithoutMetadataAndSaysSoOnce() {
        start();
        node.goDown();
        bootstrap.goDown();
        metadata.requestUpdate();
        try (CapturedLog log = CapturedLog.open()) {
            loop.advance(Duration.ofMinutes(20));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("begins again with the bootstrap servers"))
                    .hasSize(1);
        }
        node.comeUp(); // nobody looks there any more
        loop.advance(Duration.ofMinutes(1));
        assertThat(metadata.lastProblem()).isNotNull();
        bootstrap.comeUp();
        loop.advance(Duration.ofSeconds(2));
        assertThat(metadata.lastProblem()).isNull();
    }

    @Test
    void saysWhenTheClusterIsAnotherOne() {
        start();
        try (CapturedLog log = CapturedLog.open()) {
            node.on(
                    ApiKey.METADATA,
                    request -> request.answer(new MetadataAnswer()
                            .node(1, node)
                            .clusterId("other")
                            .build()));
            metadata.requestUpdate();
            loop.advance(SECOND);
            metadata.requestUpdate();
            loop.advance(SECOND);
            assertThat(log.lines())
                    .containsExactly("WARN [producer=test] this is another cluster than before: clusterId=other"
                            + " before=cluster; check where the names of app.producer.bootstrap-servers"
                            + " (bootstrap.servers) lead");
        }
        assertThat(metadata.snapshot().clusterId()).isEqualTo("other");
    }

    private static MetadataSettings canonical(BrokerAddress... addresses) {
        MetadataSettings plain = metadataSettings(addresses);
        return new MetadataSettings(
                plain.bootstrap(),
                DnsLookup.RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY,
                Duration.ofSeconds(10).toNanos(),
                plain.maxAgeNanos(),
                plain.maxIdleNanos(),
                plain.retryBackoffNanos(),
                plain.retryBackoffMaxNanos(),
                plain.rebootstrap(),
                plain.rebootstrapTriggerNanos());
    }

    /** KIP-235. */
    @Test
    void connectsToTheCanonicalNamesBehindTheBootstrapAddresses() {
        network.canonicalNames("alias", "dead", "boot");
        metadata = create(canonical(new BrokerAddress("alias", 9092)));
        start();
        assertThat(network.attempts())
                .startsWith(new BrokerAddress("dead", 9092), bootstrap.address())
                .doesNotContain(new BrokerAddress("alias", 9092));
    }

    @Test
    void asksForTheCanonicalNamesAnewWhenItBeginsAgain() {
        network.canonicalNames("alias", "boot");
        metadata = create(canonical(new BrokerAddress("alias", 9092)));
        start();
        SimulatedBroker moved = network.broker("c1", 9092);
        describeOn(moved);
        network.canonicalNames("alias", "c1");
        bootstrap.goDown();
        node.goDown();
        moved.on(
                ApiKey.METADATA,
                request -> request.answer(new MetadataAnswer().node(3, moved).build()));
        metadata.requestUpdate();
        loop.advance(SECOND.multipliedBy(2));
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(3);
    }

    /** KIP-909. */
    @Test
    void looksCanonicalNamesUpAgainUntilTheyAreKnown() {
        metadata = create(canonical(new BrokerAddress("alias", 9092)));
        metadata.start();
        loop.advance(Duration.ofSeconds(9));
        assertThat(requireNonNull(metadata.lastProblem()).describe(loop.nanos()))
                .contains("unknown host: alias:9092");
        assertThat(requireNonNull(metadata.lastProblem()).bootstrapUnknown()).isFalse();
        assertThat(network.attempts()).isEmpty();
        loop.advance(Duration.ofSeconds(2));
        assertThat(requireNonNull(metadata.lastProblem()).bootstrapUnknown()).isTrue();
        network.canonicalNames("alias", "boot");
        loop.advance(Duration.ofSeconds(2));
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(1);
        assertThat(metadata.lastProblem()).isNull();
    }
}
