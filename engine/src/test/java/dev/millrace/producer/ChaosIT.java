package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.internal.FaultyLink;
import dev.millrace.producer.internal.FaultyNetwork;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Connections that are cut, delayed and held up at random while records flow: each arrives once and in order, as the
 * reference consumer reads them.
 *
 * <p>Runs for {@code -Dmillrace.chaos.seconds} (20 by default) with {@code -Dmillrace.chaos.seed}.
 */
@WithDevCluster(autoCreateTopics = false)
class ChaosIT {

    private static final Duration DURATION = Duration.ofSeconds(Long.getLong("millrace.chaos.seconds", 20));
    private static final long SEED = Long.getLong("millrace.chaos.seed", System.nanoTime());

    @Test
    @Tag("row-90")
    void losesAndDoublesNothingWhileConnectionsAreHurt(DevCluster cluster) throws Exception {
        String topic = Reference.newTopic(cluster, 4);
        System.out.println("chaos seed " + SEED);
        try (FaultyNetwork network = new FaultyNetwork()) {
            Producer<Integer, Integer> producer = network.open(
                    Clients.config(cluster)
                            .clientId("chaos")
                            .requestTimeout(Duration.ofMillis(500))
                            .connectionSetupTimeout(Duration.ofMillis(500))
                            .build(),
                    Serializers.integers(),
                    Serializers.integers());
            SteadyLoad load = SteadyLoad.on(producer, topic);
            int faults = hurt(network, load);
            load.stopAndJudge(cluster);

            assertThat(faults).as("seed %s", SEED).isGreaterThan((int) DURATION.toSeconds() / 4);
            assertThat(network.links().stream().mapToInt(FaultyLink::cuts).sum())
                    .isPositive();
            assertThat(producer.close(Duration.ofSeconds(30)).undelivered()).isEmpty();
        }
    }

    private static int hurt(FaultyNetwork network, SteadyLoad load) {
        Random random = new Random(SEED);
        long begun = System.nanoTime();
        int faults = 0;
        network.links().forEach(FaultyLink::cut);
        while (System.nanoTime() - begun < DURATION.toNanos()) {
            for (FaultyLink link : network.links()) {
                if (random.nextInt(3) > 0) {
                    hurt(link, random);
                    faults++;
                }
            }
            pause(50 + random.nextInt(random.nextInt(4) == 0 ? 1500 : 300));
            network.links().forEach(FaultyLink::heal);
            if (random.nextInt(3) == 0) {
                load.awaitMore(200);
            }
        }
        return faults;
    }

    private static void hurt(FaultyLink link, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> link.cut();
            case 1 -> link.cutAfter(random.nextInt(20_000));
            case 2 -> link.holdAnswers();
            case 3 -> link.holdRequests();
            case 4 -> link.holdAll();
            default -> link.delay(Duration.ofMillis(1 + random.nextInt(100)));
        }
    }

    /** Time is what the fault is made of; nothing is waited for. */
    private static void pause(int millis) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long leftNanos;
        while ((leftNanos = endNanos - System.nanoTime()) > 0) {
            LockSupport.parkNanos(leftNanos);
        }
    }
}
