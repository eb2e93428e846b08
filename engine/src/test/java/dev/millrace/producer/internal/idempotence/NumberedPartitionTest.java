package dev.millrace.producer.internal.idempotence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.simulation.MetadataAnswer;
import dev.millrace.producer.internal.simulation.SimulatedBroker;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulatedTransport;
import dev.millrace.producer.internal.simulation.SimulationDefaults;
import dev.millrace.producer.internal.time.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NumberedPartitionTest {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private static final int MAX = Integer.MAX_VALUE;

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final SimulatedTransport network = new SimulatedTransport(loop);
    private final SimulatedBroker broker = network.broker("b1", 9092);
    private final ClusterMetadata metadata = new ClusterMetadata(
            loop,
            network,
            SimulationDefaults.connectionSettings(),
            SimulationDefaults.metadataSettings(broker.address()),
            SimulationDefaults.noJitter());
    private final List<String> heard = new ArrayList<>();
    private final IdentitySource identities = new IdentitySource(
            "test",
            metadata,
            loop,
            new Backoff(
                    Duration.ofMillis(100).toNanos(), Duration.ofSeconds(1).toNanos(), SimulationDefaults.noJitter()),
            new IdentitySource.Listener() {
                @Override
                public void onIdentity(long producerId) {
                    heard.add("identity");
                }

                @Override
                public void onIdentityRefused(ErrorCode error) {
                    heard.add("refused " + error);
                }
            });

    private long nextProducerId = 7_000;
    private short firstEpoch;

    @BeforeEach
    void startCluster() {
        broker.on(
                ApiKey.METADATA,
                request -> request.answer(new MetadataAnswer().node(1, broker).build()));
        broker.on(
                ApiKey.INIT_PRODUCER_ID,
                request -> request.answer(new InitProducerIdResponse(0, ErrorCode.NONE, nextProducerId++, firstEpoch)));
        metadata.start();
        loop.runReady();
    }

    @Test
    void isReadyOnceThereIsAnIdentity() {
        PartitionSequences partition = identities.newPartition(PARTITION);
        assertThat(partition.isReady()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> partition.assign(1));

        identities.prepare();
        identities.prepare();
        loop.runReady();

        assertThat(partition.isReady()).isTrue();
        assertThat(heard).containsExactly("identity");
        assertThat(broker.requests(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    void numbersRecordsFromZeroForEachPartition() {
        PartitionSequences one = ready();
        PartitionSequences other = identities.newPartition(PARTITION);

        assertThat(one.assign(3)).isEqualTo(new Stamp(7_000, (short) 0, 0));
        assertThat(one.assign(5)).isEqualTo(new Stamp(7_000, (short) 0, 3));
        assertThat(other.assign(1)).isEqualTo(new Stamp(7_000, (short) 0, 0));
        assertThat(one.assign(1)).isEqualTo(new Stamp(7_000, (short) 0, 8));
    }

    @Test
    @Tag("row-85")
    void wrapsBehindTheLargestSequence() {
        assertThat(NumberedPartition.advance(0, 1)).isEqualTo(1);
        assertThat(NumberedPartition.advance(MAX - 1, 1)).isEqualTo(MAX);
        assertThat(NumberedPartition.advance(MAX, 1)).isZero();
        assertThat(NumberedPartition.advance(MAX, 5)).isEqualTo(4);
        assertThat(NumberedPartition.advance(MAX - 2, 3)).isZero();
        assertThat(NumberedPartition.advance(MAX - 2, 10)).isEqualTo(7);
        assertThat(NumberedPartition.advance(MAX, MAX)).isEqualTo(MAX - 1);
    }

    /** The reference's arithmetic: MAX + 1 is 0. */
    @Test
    @Tag("row-85")
    @Tag("T7")
    void countsOnAcrossTheWrap() {
        PartitionSequences partition = ready();
        assertThat(partition.assign(MAX).baseSequence()).isZero();

        assertThat(partition.assign(1).baseSequence()).isEqualTo(MAX);
        assertThat(partition.assign(MAX).baseSequence()).isZero();
        assertThat(partition.assign(3).baseSequence()).isEqualTo(MAX); // MAX, 0, 1
        assertThat(partition.assign(1).baseSequence()).isEqualTo(2);
    }

    @Test
    void sendsOneBatchUntilTheFirstIsAcknowledgedInEachEpoch() {
        PartitionSequences partition = ready();
        assertThat(partition.maxInFlight()).isEqualTo(1);
        partition.assign(1);
        assertThat(partition.maxInFlight()).isEqualTo(1);

        partition.onAcknowledged();
        assertThat(partition.maxInFlight()).isEqualTo(5);

        partition.restart();
        assertThat(partition.maxInFlight()).isEqualTo(1);
    }

    @Test
    void startsOverWithTheNextEpochAfterAGap() {
        PartitionSequences partition = ready();
        PartitionSequences other = identities.newPartition(PARTITION);
        partition.assign(4);
        other.assign(4);
        partition.onAbandoned();
        assertThat(partition.hasGap()).isTrue();

        partition.restart();

        assertThat(partition.hasGap()).isFalse();
        assertThat(partition.isReady()).isTrue();
        assertThat(partition.assign(2)).isEqualTo(new Stamp(7_000, (short) 1, 0));
        assertThat(other.assign(1)).isEqualTo(new Stamp(7_000, (short) 0, 4)); // untouched
    }

    @Test
    void startsAtTheEpochOfItsIdentity() {
        firstEpoch = 12;
        PartitionSequences partition = ready();
        partition.restart(); // before anything was stamped

        assertThat(partition.assign(1)).isEqualTo(new Stamp(7_000, (short) 12, 0));
    }

    @Test
    void asksForAnotherIdentityWhenTheEpochsAreUsedUp() {
        firstEpoch = Short.MAX_VALUE - 1;
        PartitionSequences partition = ready();
        PartitionSequences other = identities.newPartition(PARTITION);
        partition.assign(1);
        other.assign(1);
        firstEpoch = 0;

        partition.restart();
        assertThat(partition.assign(1)).isEqualTo(new Stamp(7_000, Short.MAX_VALUE, 0));
        partition.restart();
        assertThat(partition.isReady()).isFalse();
        loop.runReady();

        assertThat(partition.isReady()).isTrue();
        assertThat(partition.assign(1)).isEqualTo(new Stamp(7_001, (short) 0, 0));
        assertThat(other.assign(1))
                .isEqualTo(new Stamp(7_000, (short) (Short.MAX_VALUE - 1), 1)); // goes on with the old one
        assertThat(heard).containsExactly("identity", "identity");
    }

    @Test
    void sharesTheNewIdentityAmongPartitionsThatUseUpTheirEpochs() {
        firstEpoch = Short.MAX_VALUE;
        PartitionSequences one = ready();
        PartitionSequences other = identities.newPartition(PARTITION);
        one.assign(1);
        other.assign(1);
        firstEpoch = 0;

        one.restart();
        loop.runReady();
        other.restart();
        loop.runReady();

        assertThat(one.assign(1).producerId()).isEqualTo(7_001);
        assertThat(other.assign(1).producerId()).isEqualTo(7_001);
        assertThat(broker.requests(ApiKey.INIT_PRODUCER_ID)).hasSize(2);
    }

    @Test
    void triesAgainWithBackoffWhilePassingErrorsLast() {
        int[] answers = {0};
        broker.on(ApiKey.INIT_PRODUCER_ID, request -> {
            ErrorCode error = answers[0]++ < 2 ? ErrorCode.COORDINATOR_LOAD_IN_PROGRESS : ErrorCode.NONE;
            request.answer(new InitProducerIdResponse(0, error, 42, (short) 3));
        });
        PartitionSequences partition = identities.newPartition(PARTITION);

        identities.prepare();
        loop.advance(Duration.ofMillis(299));
        assertThat(partition.isReady()).isFalse();
        loop.advance(Duration.ofMillis(1)); // 100 ms and 200 ms

        assertThat(partition.assign(1)).isEqualTo(new Stamp(42, (short) 3, 0));
        assertThat(heard).containsExactly("identity");
    }

    @Test
    void tellsOfARefusalAndAsksAgainWhenNeeded() {
        int[] answers = {0};
        broker.on(ApiKey.INIT_PRODUCER_ID, request -> {
            ErrorCode error = answers[0]++ < 2 ? ErrorCode.CLUSTER_AUTHORIZATION_FAILED : ErrorCode.NONE;
            request.answer(new InitProducerIdResponse(0, error, 42, (short) 0));
        });

        for (int i = 0; i < 3; i++) {
            identities.prepare();
            loop.runReady();
        }

        assertThat(heard)
                .containsExactly(
                        "refused CLUSTER_AUTHORIZATION_FAILED", "refused CLUSTER_AUTHORIZATION_FAILED", "identity");
        assertThat(identities.newPartition(PARTITION).isReady()).isTrue();
    }

    @Test
    void asksNoMoreOnceClosed() {
        identities.close();

        identities.prepare();
        loop.advance(Duration.ofSeconds(10));

        assertThat(broker.requests(ApiKey.INIT_PRODUCER_ID)).isEmpty();
    }

    @Test
    void stampsNothingWithoutIdempotence() {
        PartitionSequences none = Idempotence.NONE.newPartition(PARTITION);

        assertThat(none.isReady()).isTrue();
        assertThat(none.maxInFlight()).isEqualTo(1);
        assertThat(none.assign(10)).isEqualTo(Stamp.NONE);
        none.onAbandoned();
        assertThat(none.hasGap()).isFalse();
    }

    private PartitionSequences ready() {
        identities.prepare();
        loop.runReady();
        return identities.newPartition(PARTITION);
    }
}
