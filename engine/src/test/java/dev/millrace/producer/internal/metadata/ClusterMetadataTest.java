package dev.millrace.producer.internal.metadata;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.metadataSettings;
import static dev.millrace.producer.internal.simulation.SimulationDefaults.noJitter;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.metadata.MetadataSettings.Rebootstrap;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClusterMetadataTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final SimulatedTransport network = new SimulatedTransport(loop);
    private final SimulatedBroker bootstrap = network.broker("boot", 9092);
    private final SimulatedBroker node = network.broker("b1", 9092);
    private final Map<String, Consumer<MetadataAnswer>> topics = new TreeMap<>();
    private final List<String> events = new ArrayList<>();
    private final List<List<String>> asked = new ArrayList<>();
    private ClusterMetadata metadata = create(metadataSettings(bootstrap.address()));

    ClusterMetadataTest() {
        describeOn(bootstrap);
        describeOn(node);
    }

    private ClusterMetadata create(MetadataSettings settings) {
        ClusterMetadata created = new ClusterMetadata(loop, network, connectionSettings(), settings, noJitter());
        created.addListener(new MetadataListener() {
            @Override
            public void onUpdate(ClusterSnapshot snapshot) {
                events.add("update");
            }

            @Override
            public void onFailure(MetadataProblem problem) {
                events.add("failure");
            }
        });
        return created;
    }

    private void describeOn(SimulatedBroker broker) {
        broker.on(ApiKey.METADATA, request -> request.answer(describe(request)));
    }

    private MetadataResponse describe(SimulatedRequest request) {
        List<String> names = requireNonNull(request.body(MetadataRequest::read).topics());
        asked.add(names);
        MetadataAnswer answer = new MetadataAnswer().node(1, node);
        for (String name : names) {
            topics.getOrDefault(name, each -> each.refusedTopic(name, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))
                    .accept(answer);
        }
        return answer.build();
    }

    private void start() {
        metadata.start();
        loop.advance(SECOND);
        assertThat(metadata.snapshot().nodes()).containsOnlyKeys(1);
        events.clear();
        asked.clear();
    }

    // bootstrap

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

    // topics

    /** 34. */
    @Test
    @Tag("row-34")
    void fetchesANewTopicAtOnceAndAlone() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        topics.put("payments", answer -> answer.topic("payments", 1));
        start();
        metadata.track("orders");
        loop.runReady();
        metadata.requestUpdate(); // waits for its pause
        metadata.track("payments");
        metadata.track("orders");
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"), List.of("payments"));
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
        assertThat(metadata.snapshot().leader("payments", 0)).isEqualTo(1);

        loop.advance(Duration.ofMillis(100));
        assertThat(asked).hasSize(3);
        assertThat(asked.get(2)).containsExactly("orders", "payments");
    }

    @Test
    @Tag("row-34")
    void fetchesANewTopicAtOnceWhileARefreshWaitsForItsTurn() {
        start();
        metadata.track("missing"); // asks again and again, with growing pauses
        loop.advance(Duration.ofSeconds(10));
        asked.clear();
        topics.put("orders", answer -> answer.topic("orders", 1));
        metadata.track("orders");
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"));
        assertThat(metadata.snapshot().topic("orders")).isNotNull();
    }

    @Test
    void asksForTopicsTrackedBeforeTheStart() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        metadata.track("orders");
        metadata.start();
        loop.runReady();
        assertThat(asked).containsExactly(List.of("orders"));
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
    }

    /** 17. */
    @Test
    @Tag("row-17")
    void asksAgainUntilATopicExists() {
        start();
        metadata.track("orders");
        loop.advance(SECOND);
        TopicProblem problem = requireNonNull(metadata.problemOf("orders"));
        assertThat(problem.describe()).startsWith("topic 'orders' does not exist (UNKNOWN_TOPIC_OR_PARTITION, ");
        assertThat(problem.attempts()).isEqualTo(asked.size()).isGreaterThan(2);
        assertThat(problem.isFinal()).isFalse();

        topics.put("orders", answer -> answer.topic("orders", 1));
        loop.advance(SECOND);
        assertThat(metadata.problemOf("orders")).isNull();
        assertThat(metadata.snapshot().leader("orders", 0)).isEqualTo(1);
        int requests = asked.size();
        loop.advance(Duration.ofSeconds(30));
        assertThat(asked).as("then there is peace").hasSize(requests);
    }

    @Test
    void showsRefusedTopicsAtOnceAndDoesNotInsist() {
        topics.put("bad/name", answer -> answer.refusedTopic("bad/name", ErrorCode.INVALID_TOPIC_EXCEPTION));
        topics.put("secret", answer -> answer.refusedTopic("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        start();
        metadata.track("bad/name");
        metadata.track("secret");
        loop.runReady();
        assertThat(events).containsExactly("update");
        assertThat(metadata.problemOf("bad/name")).isNotNull().matches(TopicProblem::isFinal);
        TopicSnapshot secret = requireNonNull(metadata.snapshot().topic("secret"));
        assertThat(secret.error()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        loop.advance(Duration.ofSeconds(30));
        assertThat(asked).hasSize(1);

        topics.put("secret", answer -> answer.topic("secret", 1));
        metadata.track("secret"); // the next record finds out
        loop.advance(SECOND);
        assertThat(metadata.snapshot().leader("secret", 0)).isEqualTo(1);
    }

    @Test
    void forgetsTopicsNobodyUses() {
        topics.put("orders", answer -> answer.topic("orders", 1));
        topics.put("rare", answer -> answer.topic("rare", 1));
        start();
        metadata.track("orders");
        metadata.track("rare");
        for (int minute = 0; minute < 11; minute++) {
            loop.advance(Duration.ofMinutes(1));
            metadata.track("orders");
        }
        assertThat(metadata.snapshot().topics()).containsOnlyKeys("orders");
        assertThat(asked.get(asked.size() - 1)).containsExactly("orders");
    }

    // pace

    /** 22. */
    @Test
    @Tag("row-22")
    void slowsDownWhileAnswersBringNoNews() {
        start();
        List<Long> timesMillis = new ArrayList<>();
        node.on(ApiKey.METADATA, request -> {
            timesMillis.add(loop.elapsed().toMillis());
            request.answer(describe(request));
        });
        for (int i = 0; i < 8000; i++) {
            metadata.requestUpdate();
            loop.advance(Duration.ofMillis(1));
        }
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i < timesMillis.size(); i++) {
            pauses.add(timesMillis.get(i) - timesMillis.get(i - 1));
        }
        assertThat(pauses).startsWith(100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    void turnsManyRequestsIntoOne() {
        start();
        for (int i = 0; i < 10; i++) {
            metadata.requestUpdate();
        }
        loop.runReady();
        assertThat(asked).hasSize(1);
    }

    @Test
    void asksAgainForWhatWasRequestedDuringARefresh() {
        start();
        List<SimulatedRequest> held = new ArrayList<>();
        node.on(ApiKey.METADATA, held::add);
        metadata.requestUpdate();
        loop.runReady();
        metadata.requestUpdate();
        loop.runReady();
        assertThat(held).as("one at a time").hasSize(1);
        held.get(0).answer(describe(held.get(0)));
        loop.advance(SECOND);
        assertThat(held).hasSize(2);
    }

    @Test
    void refreshesWhatHasBecomeOld() {
        start();
        loop.advance(Duration.ofSeconds(298));
        assertThat(asked).isEmpty();
        loop.advance(Duration.ofSeconds(2));
        assertThat(asked).hasSize(1);
    }

    @Test
    void pausesAfterFailedAttempts() {
        start();
        List<Long> timesMillis = new ArrayList<>();
        node.on(ApiKey.METADATA, request -> {
            timesMillis.add(loop.elapsed().toMillis());
            request.closeConnection();
        });
        bootstrap.goDown();
        metadata.requestUpdate();
        loop.advance(Duration.ofSeconds(10));
        assertThat(timesMillis.size()).isBetween(8, 14);
    }

    // recovery

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

    // bootstrap names

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

    // throttled nodes

    /** KAFKA-8275. */
    @Test
    void asksAnotherNodeWhileOneIsThrottled() {
        SimulatedBroker second = network.broker("b2", 9092);
        MetadataAnswer both = new MetadataAnswer().node(1, node).node(2, second);
        List<Integer> asked = new ArrayList<>();
        bootstrap.on(ApiKey.METADATA, request -> request.answer(both.build()));
        node.on(ApiKey.METADATA, request -> {
            asked.add(1);
            request.answer(both.throttled(60_000).build());
        });
        second.on(ApiKey.METADATA, request -> {
            asked.add(2);
            request.answer(both.throttled(0).build());
        });
        metadata.start();
        loop.advance(SECOND);
        for (int i = 0; i < 3; i++) {
            metadata.requestUpdate();
            loop.advance(SECOND.multipliedBy(3));
        }
        assertThat(asked).containsExactly(1, 2, 2);
        assertThat(events).as("the throttled one is not even tried").doesNotContain("failure");
    }

    @Test
    void saysThatABrokerIsTooOld() {
        bootstrap.speaks(ApiKey.METADATA, 0, 5);
        metadata.start();
        loop.advance(SECOND);
        MetadataProblem problem = requireNonNull(metadata.lastProblem());
        assertThat(problem.nodes().get(0).text()).contains("no common version: api=METADATA");
    }

    @Test
    void pausesBetweenQuestionsToABrokerThatIsTooOldAlsoIfATopicIsNew() {
        bootstrap.speaks(ApiKey.METADATA, 0, 1);
        metadata.track("orders");
        metadata.start();
        loop.advance(SECOND.multipliedBy(10));
        MetadataProblem problem = requireNonNull(metadata.lastProblem());
        assertThat(problem.attempts()).isBetween(5, 20);
        assertThat(problem.nodes().get(0).text()).contains("boot:9092 is too old", "offered=0-1");
    }

    private int attemptsAtBootstrap() {
        return (int)
                network.attempts().stream().filter(bootstrap.address()::equals).count();
    }

    // requests for any node

    @Test
    void sendsOtherRequestsToSomeNodeOnceOneIsReady() {
        List<String> outcome = new ArrayList<>();
        bootstrap.on(ApiKey.INIT_PRODUCER_ID, request -> {
            outcome.add("asked");
            request.closeConnection();
        });
        bootstrap.goDown();
        metadata.sendToAnyNode(anIdentity(), outcomeTo(outcome));
        metadata.start();
        loop.advance(SECOND);
        assertThat(outcome).isEmpty();
        bootstrap.comeUp();
        loop.advance(Duration.ofSeconds(2));
        assertThat(outcome).containsExactly("asked", "DISCONNECTED");
    }

    @Test
    void failsWaitingRequestsWhenClosed() {
        List<String> outcome = new ArrayList<>();
        bootstrap.goDown();
        metadata.start();
        metadata.sendToAnyNode(anIdentity(), outcomeTo(outcome));
        loop.advance(SECOND);
        metadata.close();
        loop.advance(Duration.ofMinutes(10));
        assertThat(outcome).containsExactly("NOT_SENT");
        assertThat(loop.pendingTasks()).isZero();
    }

    private static InitProducerIdRequest anIdentity() {
        return new InitProducerIdRequest(null, 60_000, -1, (short) -1);
    }

    private static <R> ResponseHandler<R> outcomeTo(List<String> outcome) {
        return new ResponseHandler<>() {
            @Override
            public void onResponse(R response) {
                outcome.add("response");
            }

            @Override
            public void onFailure(RequestFailure failure) {
                outcome.add(failure.kind().name());
            }
        };
    }
}
