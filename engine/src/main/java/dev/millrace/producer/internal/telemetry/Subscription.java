package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.config.Compression;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the cluster wants of this producer.
 *
 * @param clientInstanceId what the cluster calls the producer
 * @param id which version of the subscription this is
 * @param intervalNanos the pause between two pushes
 * @param maxBytes the largest push the broker takes
 * @param temporality where sums begin
 * @param codecs those the broker reads and this engine knows, the broker's favourite first
 * @param prefixes of the names wanted; none for no metrics
 */
record Subscription(
        UUID clientInstanceId,
        int id,
        long intervalNanos,
        int maxBytes,
        Temporality temporality,
        List<Compression> codecs,
        List<String> prefixes) {

    /** For brokers that name no interval, and until one is known. */
    static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(5);

    /** The least that operators can ask for (KIP-714). */
    private static final int MIN_INTERVAL_MILLIS = 100;

    private static final String EVERYTHING = "*";

    static Subscription of(GetTelemetrySubscriptionsResponse response) {
        int millis = response.pushIntervalMillis();
        return new Subscription(
                response.clientInstanceId(),
                response.subscriptionId(),
                (millis > 0 ? Duration.ofMillis(Math.max(millis, MIN_INTERVAL_MILLIS)) : DEFAULT_INTERVAL).toNanos(),
                response.telemetryMaxBytes(),
                response.deltaTemporality() ? Temporality.DELTA : Temporality.CUMULATIVE,
                response.acceptedCompressionTypes().stream()
                        .distinct()
                        .flatMap(type -> Stream.of(Compression.values()).filter(each -> each.id() == type))
                        .toList(),
                List.copyOf(response.requestedMetrics()));
    }

    /** Whether nothing is wanted. */
    boolean isEmpty() {
        return prefixes.isEmpty();
    }

    /** Whether a metric is wanted. */
    boolean wants(String metric) {
        return prefixes.stream().anyMatch(prefix -> prefix.equals(EVERYTHING) || metric.startsWith(prefix));
    }
}
