package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Fault;
import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.config.MetadataRecovery;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.ProduceCall;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connections that break, hang, idle and move, seen from a whole producer. */
class NetworkScenariosTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static SimulatedProducer start(int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        return new SimulatedProducer(
                nodes,
                config -> settings.apply(config.linger(Duration.ZERO)
                        .batchSize(1)
                        .requestTimeout(Duration.ofSeconds(2))
                        .deliveryTimeout(Duration.ofMinutes(5))));
    }

    private static SimulatedProducer warm(int nodes, UnaryOperator<ProducerConfig.Builder> settings) {
        SimulatedProducer sim = start(nodes, settings);
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "warm");
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
        return sim;
    }

    private static SimulatedProducer warm() {
        return warm(1, config -> config);
    }

    private static void assertEndsWell(SimulatedProducer sim) {
        assertThat(sim.completed).isEqualTo(sim.sent).allMatch(Sent::isDelivered);
        assertThat(sim.log(0)).isEqualTo(SimulatedProducer.values(sim.sent));
    }

    // versions

    @Test
    @Tag("row-12")
    void eachNodeIsSpokenToInItsVersion() {
        SimulatedProducer sim = start(2, config -> config);
        sim.cluster.broker(1).speaks(ApiKey.PRODUCE, 3, 8);
        sim.cluster.topic(TOPIC, 1, 2);
        sim.sendAlone(0, "old");
        Sent toNew = sim.send(1, "new");
        sim.loop.advance(SECOND);
        assertThat(sim.sent).allMatch(Sent::isDelivered);
        assertThat(toNew.offset()).isZero();
        assertThat(versions(sim, 1)).containsOnly((short) 8);
        assertThat(versions(sim, 2)).containsOnly((short) 13);
    }

    /** 10 (KAFKA-18659). */
    @Test
    @Tag("row-10")
    void versionsBelowThoseOfTheRecordFormatAreNotUsed() {
        SimulatedProducer sim = start(1, config -> config);
        sim.cluster.broker(1).speaks(ApiKey.PRODUCE, 0, 13);
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "record");
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
        assertThat(versions(sim, 1)).containsOnly((short) 13);
    }

    /** 11 and T3: without topic ids in the metadata nothing is sent that needs them. */
    @Test
    @Tag("row-11")
    @Tag("T3")
    void topicsWithoutIdsAreNamed() {
        SimulatedProducer sim = start(1, config -> config);
        sim.cluster.broker(1).speaks(ApiKey.METADATA, 0, 9);
        sim.cluster.topic(TOPIC, 1);
        sim.sendAlone(0, "record");
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
        assertThat(versions(sim, 1)).containsOnly((short) 12);
    }

    private static List<Short> versions(SimulatedProducer sim, int nodeId) {
        return sim.cluster.broker(nodeId).requests(ApiKey.PRODUCE).stream()
                .map(SimulatedRequest::version)
                .toList();
    }

    // answers that make no sense

    @Test
    @Tag("row-14")
    @Tag("T9")
    void answerToAnotherRequestCostsTheConnectionAndNoRecord() {
        SimulatedProducer sim = warm();
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        for (int i = 0; i < 3; i++) {
            sim.sendAlone(0, "r" + i);
        }
        assertThat(held.size()).isGreaterThan(1);
        held.forEach(ProduceCall::append);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        SimulatedRequest first = held.get(0).request();
        first.answerAs(first.header().correlationId() + 1, out -> new ProduceResponse(List.of(), 0, List.of())
                .write(out, first.version()));
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
        assertThat(connections(sim)).as("one that broke, one since").hasSize(2);
    }

    private static Set<Object> connections(SimulatedProducer sim) {
        Set<Object> connections = new HashSet<>();
        sim.cluster
                .produceCalls()
                .forEach(call -> connections.add(call.request().connection()));
        return connections;
    }

    // silence

    /** 60, by a middlebox that forgets an idle connection and drops whatever comes over it from then on. */
    @Test
    @Tag("row-60")
    void connectionThatWasForgottenOnTheWayCostsOneRequestTimeout() {
        SimulatedProducer sim = warm();
        Object forgotten = sim.cluster.produceCalls().get(0).request().connection();
        sim.loop.advance(Duration.ofMinutes(6));
        sim.cluster.onProduce(call -> {
            if (call.request().connection() != forgotten) {
                call.appendAndAnswer();
            }
        });
        for (int i = 0; i < 5; i++) {
            sim.sendAlone(0, "r" + i);
        }
        Duration sentAt = sim.loop.elapsed();
        sim.loop.advanceUntil(() -> sim.completed.size() == 6, Duration.ofSeconds(5));
        assertThat(sim.loop.elapsed().minus(sentAt)).isBetween(Duration.ofMillis(2000), Duration.ofMillis(2400));
        assertEndsWell(sim);
    }

    @Test
    @Tag("row-69")
    void idleConnectionIsClosedAndOpenedAgainOnDemand() {
        SimulatedProducer sim = warm(1, config -> config.connectionMaxIdle(Duration.ofMinutes(1)));
        sim.loop.advance(Duration.ofMinutes(3));
        assertThat(sim.cluster.broker(1).connections()).isZero();
        sim.sendAlone(0, "after the pause");
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
    }

    // throttling (KIP-219)

    /** 65: the pause is honoured, and costs no request its timeout. */
    @Test
    @Tag("row-65")
    void throttledBrokerGetsNothingUntilThePauseIsOver() {
        SimulatedProducer sim = warm();
        List<ProduceCall> calls = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            calls.add(call);
            call.answer(call.append(), 3000); // longer than the request timeout
        });
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofMillis(10));
        sim.sendAlone(0, "second");
        sim.loop.advance(Duration.ofMillis(2980));
        assertThat(calls).hasSize(1);
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.loop.advance(Duration.ofMillis(20));
        assertEndsWell(sim);
        assertThat(connections(sim)).as("nothing timed out").hasSize(1);
    }

    /** 65: a retry waits for the end of the pause, too. */
    @Test
    @Tag("row-65")
    void retryWaitsForTheEndOfTheThrottle() {
        SimulatedProducer sim = warm();
        List<ProduceCall> calls = new ArrayList<>();
        sim.cluster.onProduce(call -> {
            calls.add(call);
            if (calls.size() == 1) {
                call.answer(List.of(ProduceCall.result(0, ErrorCode.NOT_ENOUGH_REPLICAS, -1)), 1500);
            } else {
                call.appendAndAnswer();
            }
        });
        sim.sendAlone(0, "again");
        Duration sentAt = sim.loop.elapsed();
        sim.loop.advance(SECOND.multipliedBy(2));
        assertEndsWell(sim);
        assertThat(calls.get(1).request().arrivedAt().minus(sentAt)).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void deliveryTimeoutUnderAThrottleNamesTheQuota() {
        SimulatedProducer sim = warm(1, config -> config.deliveryTimeout(Duration.ofSeconds(3)));
        sim.cluster.onProduce(call -> call.answer(call.append(), 60_000));
        sim.sendAlone(0, "first");
        sim.loop.advance(Duration.ofMillis(10));
        Sent late = sim.send(0, "late");
        sim.loop.advance(Duration.ofSeconds(4));
        Fault.THROTTLED.isToldBy(late.failure());
        assertThat(late.failure())
                .hasMessageContaining("throttles this client")
                .hasMessageContaining("raise the client's quota");
    }

    // a cluster that moves

    /** 23 (KIP-899): every broker has another address, only the bootstrap name still leads to the cluster. */
    @Test
    @Tag("row-23")
    void clusterOfWhichEveryBrokerWasReplacedIsFoundAgain() {
        SimulatedProducer sim = start(3, config -> config.bootstrapServers("boot:9092"));
        replaceAll(sim);
        assertEndsWell(sim);
        assertThat(sim.cluster
                        .produceCalls()
                        .get(sim.cluster.produceCalls().size() - 1)
                        .request())
                .isIn(sim.network.broker("c2", 9092).requests());
    }

    /** 23 without the strategy. */
    @Test
    @Tag("row-23")
    void clusterThatWasReplacedIsNotFoundIfToldSo() {
        SimulatedProducer sim =
                start(3, config -> config.bootstrapServers("boot:9092").metadataRecovery(MetadataRecovery.NONE));
        replaceAll(sim);
        assertThat(sim.sent.get(1).isDone()).isFalse();
    }

    private static void replaceAll(SimulatedProducer sim) {
        sim.cluster.bootstrapAt("boot");
        sim.cluster.topic(TOPIC, 2);
        sim.sendAlone(0, "before");
        sim.loop.advance(SECOND);
        assertEndsWell(sim);
        for (int node = 1; node <= 3; node++) {
            sim.cluster.moveNode(node, "c" + node);
        }
        sim.send(0, "after");
        sim.loop.advance(Duration.ofSeconds(10));
    }

    // names

    /** KIP-909: a bootstrap name that is not known yet is tried again. */
    @Test
    void nameThatIsNotKnownYetDelaysTheRecordsAndNothingElse() {
        SimulatedProducer sim = start(1, config -> config);
        sim.cluster.topic(TOPIC, 1);
        sim.network.forgetHost("b1");
        sim.send(0, "early");
        sim.loop.advance(Duration.ofSeconds(30));
        assertThat(sim.completed).isEmpty();
        sim.network.rememberHost("b1");
        sim.loop.advance(SECOND.multipliedBy(2));
        assertEndsWell(sim);
    }

    /** KIP-909 with a limit; unlike the reference the producer recovers. */
    @Test
    void nameThatIsUnknownForTooLongFailsWhatWaitsUntilItIsKnown() {
        SimulatedProducer sim = start(1, config -> config.bootstrapResolveTimeout(Duration.ofSeconds(10)));
        sim.cluster.topic(TOPIC, 1);
        sim.network.forgetHost("b1");
        Sent early = sim.send(0, "early");
        sim.loop.advance(Duration.ofSeconds(9));
        assertThat(early.isDone()).isFalse();
        sim.loop.advance(Duration.ofSeconds(3));
        assertUnresolved(early);
        CompletableFuture<List<PartitionInfo>> question = sim.producer.partitionsFor(TOPIC);
        Sent later = sim.send(0, "later");
        sim.loop.runReady();
        assertThat(question).isCompletedExceptionally();
        assertUnresolved(later);

        sim.network.rememberHost("b1");
        sim.loop.advance(SECOND.multipliedBy(2));
        Sent last = sim.send(0, "last");
        sim.loop.advance(SECOND);
        assertThat(last.isDelivered()).isTrue();
        assertThat(sim.log(0)).containsExactly("last");
    }

    private static void assertUnresolved(Sent record) {
        Fault.BOOTSTRAP_UNKNOWN.isToldBy(record.failure());
        assertThat(record.failure())
                .isInstanceOf(DeliveryTimeoutException.class)
                .hasMessageContaining("no bootstrap server can be resolved")
                .hasMessageContaining("unknown host: b1:9092")
                .hasMessageContaining("bootstrap-resolve-timeout")
                .hasMessageContaining("bootstrap-servers");
        assertThat(record.failure().recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION);
        assertThat(record.failure().mayHaveBeenWritten()).isFalse();
    }

    /** T16: what was wrong with the cluster before is not told to a record that fails for another reason. */
    @Test
    @Tag("T16")
    void errorOfAnEarlierOutageIsNotToldLater() {
        SimulatedProducer sim = start(1, config -> config.maxBlock(Duration.ofSeconds(5)));
        sim.network.forgetHost("b1");
        Sent first = sim.send(0, "during the outage");
        sim.loop.advance(Duration.ofSeconds(6));
        assertThat(first.failure()).hasMessageContaining("unknown host");
        sim.network.rememberHost("b1");
        sim.loop.advance(Duration.ofSeconds(2));
        Sent second = sim.send(0, "no such topic");
        sim.loop.advance(Duration.ofSeconds(6));
        assertThat(second.failure()).hasMessageContaining("does not exist").hasMessageNotContaining("unknown host");
    }

    // the log

    /**
     * Two minutes without any broker: one line when the connection is lost, one when it cannot be made again, six more
     * while that lasts (after 1, 3, 7, 15, 31 and 63 s), one at the end, for all partitions and connections together.
     */
    @Test
    void outageOfTwoMinutesHasNineLines() {
        SimulatedProducer sim = start(1, config -> config);
        sim.cluster.topic(TOPIC, 1, 1, 1, 1);
        for (int partition = 0; partition < 4; partition++) {
            sim.sendAlone(partition, "warm");
        }
        sim.loop.advance(SECOND);
        List<String> lines;
        try (CapturedLog log = CapturedLog.open()) {
            sim.cluster.broker(1).goDown();
            for (int partition = 0; partition < 4; partition++) {
                sim.send(partition, "during the outage");
            }
            sim.loop.advance(Duration.ofMinutes(2));
            sim.cluster.broker(1).comeUp();
            sim.loop.advance(Duration.ofSeconds(5));
            lines = log.lines();
        }
        assertThat(sim.sent).hasSize(8).allMatch(Sent::isDelivered);
        assertThat(lines).hasSize(9);
        assertThat(lines.get(0))
                .isEqualTo(
                        "INFO [producer=test] connection lost: address=b1:9092 cause=connection to b1:9092 closed by the"
                                + " other side");
        assertThat(lines.get(1))
                .isEqualTo(
                        "WARN [producer=test] cannot connect: nothing listens at b1:9092 (connection refused); trying"
                                + " again");
        assertThat(lines.subList(2, 8)).allMatch(line -> line.startsWith("WARN [producer=test] still cannot connect"));
        assertThat(lines.get(8)).startsWith("INFO [producer=test] connected again: address=b1:9092 after=12");
    }
}
