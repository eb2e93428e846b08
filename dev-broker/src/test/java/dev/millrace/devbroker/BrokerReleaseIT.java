package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.junit.WithDevCluster;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The release that runs is the one that was asked for; also said in the output, for the run over all releases. */
@WithDevCluster
@Timeout(120)
class BrokerReleaseIT {
    @Test
    @SuppressWarnings("SystemOut")
    void theBrokerSaysItIsOfTheReleaseItWasStartedAs(DevCluster cluster) throws Exception {
        assertThat(Files.readString(cluster.logFile(1)))
                .containsPattern("AppInfoParser\\S*: Kafka version ?: \\Q" + cluster.release() + "\\E\\s");
        System.out.println("brokers run " + cluster.release());
    }
}
