package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.internal.metadata.MetadataSettings;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.ConnectionSettings;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The settings users have by default, and a source of jitter that has none. */
public final class SimulationDefaults {

    private SimulationDefaults() {}

    /** Every backoff is exactly its nominal value, every choice between equals the first. */
    public static RandomGenerator noJitter() {
        return () -> Long.MIN_VALUE; // nextDouble() is 0.5
    }

    /** The defaults of the configuration, client id {@code test}. */
    public static ConnectionSettings connectionSettings() {
        return connectionSettings(5, Duration.ofSeconds(30), Duration.ofMinutes(9));
    }

    /** The defaults of the configuration but for these; a negative idle time means never. */
    public static ConnectionSettings connectionSettings(
            int maxInFlightRequests, Duration requestTimeout, Duration maxIdle) {
        return new ConnectionSettings(
                "test",
                requestTimeout.toNanos(),
                Duration.ofSeconds(10).toNanos(),
                Duration.ofSeconds(30).toNanos(),
                Duration.ofMillis(50).toNanos(),
                Duration.ofSeconds(1).toNanos(),
                maxIdle.toNanos(),
                maxInFlightRequests,
                ConnectionSettings.SYSTEM_DEFAULT,
                ConnectionSettings.SYSTEM_DEFAULT);
    }

    /** The defaults of the configuration. */
    public static MetadataSettings metadataSettings(BrokerAddress... bootstrap) {
        return metadataSettings(MetadataSettings.Rebootstrap.ALLOWED, bootstrap);
    }

    /** The defaults of the configuration but for the strategy. */
    public static MetadataSettings metadataSettings(
            MetadataSettings.Rebootstrap rebootstrap, BrokerAddress... bootstrap) {
        return new MetadataSettings(
                List.of(bootstrap),
                DnsLookup.USE_ALL_DNS_IPS,
                0,
                Duration.ofMinutes(5).toNanos(),
                Duration.ofMinutes(5).toNanos(),
                Duration.ofMillis(100).toNanos(),
                Duration.ofSeconds(1).toNanos(),
                rebootstrap,
                Duration.ofMinutes(5).toNanos());
    }
}
