package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.simulation.CapturedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReachabilityLogTest {

    private static final BrokerAddress B1 = new BrokerAddress("b1", 9092);
    private static final BrokerAddress B2 = new BrokerAddress("b2", 9092);

    private final CapturedLog log = CapturedLog.open();
    private final ReachabilityLog reachability = new ReachabilityLog("[x]");

    @AfterEach
    void close() {
        log.close();
    }

    private void failAt(BrokerAddress address, Duration time) {
        reachability.failed(address, new IOException("nothing listens at " + address), time.toNanos());
    }

    private List<String> lines() {
        return log.lines();
    }

    /** Two minutes, one failure a second for each: as many lines for 100 producers as for one. */
    @Test
    void saysNoMoreForManyConnectionsThanForOne() {
        for (int second = 0; second < 120; second++) {
            for (int producer = 0; producer < 100; producer++) {
                failAt(B1, Duration.ofSeconds(second));
            }
        }
        for (int producer = 0; producer < 100; producer++) {
            reachability.ready(B1, Duration.ofMinutes(2).toNanos());
        }
        assertThat(lines()).hasSize(8);
        assertThat(lines().get(0)).isEqualTo("WARN [x] cannot connect: nothing listens at b1:9092; trying again");
        assertThat(lines().subList(1, 7))
                .extracting(line -> line.replaceAll(":.*", ""))
                .containsExactly(
                        "WARN [x] still cannot connect after 1000 ms",
                        "WARN [x] still cannot connect after 3000 ms",
                        "WARN [x] still cannot connect after 7000 ms",
                        "WARN [x] still cannot connect after 15000 ms",
                        "WARN [x] still cannot connect after 31000 ms",
                        "WARN [x] still cannot connect after 63000 ms");
        assertThat(lines().get(7))
                .isEqualTo("INFO [x] connected again: address=b1:9092 after=120000 ms failures=12000");
    }

    @Test
    void namesEverythingThatIsOut() {
        failAt(B1, Duration.ZERO);
        failAt(B2, Duration.ofMillis(100));
        failAt(B1, Duration.ofSeconds(1));
        reachability.ready(B2, Duration.ofSeconds(2).toNanos());
        reachability.ready(B1, Duration.ofSeconds(2).toNanos());
        assertThat(lines())
                .containsExactly(
                        "WARN [x] cannot connect: nothing listens at b1:9092; trying again",
                        "WARN [x] still cannot connect after 1000 ms: nothing listens at b1:9092; nothing listens at"
                                + " b2:9092",
                        "INFO [x] connected again: address=b2:9092 after=1900 ms failures=1",
                        "INFO [x] connected again: address=b1:9092 after=2000 ms failures=2");
    }

    @Test
    void isSilentAboutWhatWasNotNamed() {
        failAt(B1, Duration.ZERO);
        failAt(B2, Duration.ofMillis(100));
        reachability.ready(B2, Duration.ofMillis(200).toNanos());
        assertThat(lines()).hasSize(1);
    }

    /** A dead address of the bootstrap list is tried once and then never; it must not hide the next outage. */
    @Test
    void forgetsWhatNobodyTries() {
        failAt(B1, Duration.ZERO);
        failAt(B2, Duration.ofMinutes(10));
        assertThat(lines())
                .containsExactly(
                        "WARN [x] cannot connect: nothing listens at b1:9092; trying again",
                        "WARN [x] cannot connect: nothing listens at b2:9092; trying again");
    }

    @Test
    void saysOnceAMinuteThatAConnectionWasLost() {
        for (int second = 0; second < 120; second++) {
            reachability.lost(
                    B1, new IOException("closed"), Duration.ofSeconds(second).toNanos());
        }
        assertThat(lines())
                .containsExactly(
                        "INFO [x] connection lost: address=b1:9092 cause=closed",
                        "INFO [x] connection lost: address=b1:9092 cause=closed");
    }
}
