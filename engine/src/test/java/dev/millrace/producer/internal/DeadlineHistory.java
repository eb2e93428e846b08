package dev.millrace.producer.internal;

import static dev.millrace.producer.internal.SimulatedProducer.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.SimulatedProducer.Sent;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Records sent at random moments to a cluster that delivers now and then; the seed decides everything. */
final class DeadlineHistory {

    private static final int PARTITIONS = 3;
    private static final int STEPS = 200;

    private final RandomGenerator random;
    private final Duration linger;
    private final Duration deliveryTimeout;
    private final SimulatedProducer sim;
    private final List<Sending> records = new ArrayList<>();
    private final List<Sending> ended = new ArrayList<>();

    /** A record, when it was sent and when it ended. */
    private final class Sending {
        final Duration sentAt = sim.loop.elapsed();
        final int partition = random.nextInt(PARTITIONS);
        final Sent sent;
        Duration endedAt = Duration.ZERO;

        Sending() {
            String value = "x".repeat(random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(500));
            records.add(this);
            sent = sim.send(TOPIC, partition, value, this::end);
        }

        private void end() {
            endedAt = sim.loop.elapsed();
            ended.add(this);
        }

        boolean isTimedOut() {
            return sent.isDone() && sent.failure instanceof DeliveryTimeoutException;
        }

        Duration waited() {
            return endedAt.minus(sentAt);
        }

        @Override
        public String toString() {
            return sentAt + " " + sent.toString().replaceAll("x+", "x") + " " + endedAt;
        }
    }

    DeadlineHistory(long seed) {
        random = new SplittableRandom(seed);
        linger = Duration.ofMillis(oneOf(0, 5, 100, 3_000));
        Duration requestTimeout = Duration.ofMillis(oneOf(300, 2_000));
        deliveryTimeout = linger.plus(requestTimeout).plusMillis(random.nextInt(20_000));
        sim = new SimulatedProducer(2, config -> settings(config).requestTimeout(requestTimeout), random);
        sim.compression.takes(() -> millis(300));
    }

    private ProducerConfig.Builder settings(ProducerConfig.Builder config) {
        return config.linger(linger)
                .deliveryTimeout(deliveryTimeout)
                .maxBlock(deliveryTimeout)
                .batchSize(oneOf(1, 500, 16_384))
                .maxInFlight(1 + random.nextInt(5))
                .compression(random.nextBoolean() ? Compression.NONE : Compression.GZIP);
    }

    void play() {
        boolean isKnown = random.nextBoolean();
        if (isKnown) {
            sim.cluster.topic(TOPIC, 1, 1, 2);
        }
        for (int step = 0; step < STEPS; step++) {
            if (!isKnown && random.nextInt(STEPS / 10) == 0) {
                isKnown = true;
                sim.cluster.topic(TOPIC, 1, 1, 2);
            }
            if (isKnown && random.nextInt(20) == 0) {
                change();
            }
            for (int i = random.nextInt(5); i > 0; i--) {
                new Sending();
            }
            sim.loop.advance(random.nextInt(10) == 0 ? millis(2_000) : millis(40));
        }
        sim.loop.advance(deliveryTimeout.plus(latest()));
        assertThat(records).filteredOn(each -> each.sent.calls != 1).isEmpty();
        for (Sending each : records) {
            if (each.isTimedOut()) {
                assertThat(each.waited()).as("%s", each).isBetween(deliveryTimeout, deliveryTimeout.plus(latest()));
            } else {
                assertThat(each.waited()).as("%s", each).isLessThanOrEqualTo(deliveryTimeout.plus(latest()));
            }
        }
        assertOldestFirst();
    }

    /** As docs/architecture.md says: a twentieth of the timeout, at most half a second; or the linger and a part of it. */
    private Duration latest() {
        Duration wanted = min(deliveryTimeout.dividedBy(20), Duration.ofMillis(500));
        Duration look = max(wanted.dividedBy(4), linger.dividedBy(20));
        return max(wanted, linger.plus(look));
    }

    private void assertOldestFirst() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int where = partition;
            List<Sending> failed = ended.stream()
                    .filter(each -> each.partition == where && each.isTimedOut())
                    .toList();
            List<Sending> sent = records.stream()
                    .filter(each -> each.partition == where && each.isTimedOut())
                    .toList();
            assertThat(failed).as("partition %s", where).isEqualTo(sent);
        }
    }

    int timedOut() {
        return (int) records.stream().filter(Sending::isTimedOut).count();
    }

    int delivered() {
        return (int) records.stream().filter(each -> each.sent.isDelivered()).count();
    }

    private void change() {
        switch (random.nextInt(8)) {
            case 0 -> sim.cluster.onProduce(ProduceCall::appendAndAnswer);
            case 1 -> sim.cluster.onProduce(call -> {}); // silence
            case 2 -> sim.cluster.onProduce(call -> call.refuse(ErrorCode.NOT_ENOUGH_REPLICAS));
            case 3 ->
                sim.cluster.onProduce(call -> call.request().after(millis(3_000), late -> call.appendAndAnswer()));
            case 4 -> sim.cluster.onProduce(call -> call.answer(call.append(), random.nextInt(3_000)));
            case 5 -> sim.cluster.limitBatches(1_000 + random.nextInt(20_000));
            case 6 -> sim.cluster.moveLeader(TOPIC, random.nextInt(PARTITIONS), -1);
            default -> sim.cluster.moveLeader(TOPIC, random.nextInt(PARTITIONS), 1 + random.nextInt(2));
        }
    }

    private Duration millis(int bound) {
        return Duration.ofMillis(random.nextInt(bound));
    }

    private int oneOf(int... values) {
        return values[random.nextInt(values.length)];
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
