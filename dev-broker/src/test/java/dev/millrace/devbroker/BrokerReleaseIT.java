package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.junit.WithDevCluster;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The release that runs is the one that was asked for; also said in the output, for the run over all releases. */
@WithDevCluster
@Timeout(120)
class BrokerReleaseIT {
    @Test
    @SuppressWarnings("SystemOut")
    void theBrokerSaysItIsOfTheReleaseItWasStartedAs(DevCluster cluster) throws Exception {
        Pattern version = Pattern.compile("AppInfoParser\\S*: Kafka version ?: \\Q" + cluster.release() + "\\E\\s");
        await().atMost(Duration.ofSeconds(20)) // old releases say it when they have served for a moment
                .untilAsserted(
                        () -> assertThat(Files.readString(cluster.logFile(1))).containsPattern(version));
        System.out.println("brokers run " + cluster.release());
    }
}
