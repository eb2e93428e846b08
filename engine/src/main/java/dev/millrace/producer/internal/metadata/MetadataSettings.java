package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.List;

/**
 * How a cluster's metadata is kept. Checked by the configuration that it is built from.
 *
 * @param bootstrap addresses to begin with, at least one
 * @param dnsLookup whether the bootstrap addresses are replaced by the canonical names behind them
 * @param bootstrapResolveTimeoutNanos how long the names of all bootstrap addresses may be unknown before it is of no use to
 *     wait, 0 for ever (KIP-909)
 * @param maxAgeNanos how old metadata may become before it is fetched again
 * @param maxIdleNanos how long a topic that nobody uses is fetched
 * @param retryBackoffNanos pause after the first failed or fruitless refresh; doubles with each further one
 * @param retryBackoffMaxNanos longest pause between refreshes that are asked for
 * @param rebootstrap what to do when no known node can be used
 * @param rebootstrapTriggerNanos how long refreshes may fail before the bootstrap addresses are tried again, although
 *     nodes take connections
 */
public record MetadataSettings(
        List<BrokerAddress> bootstrap,
        DnsLookup dnsLookup,
        long bootstrapResolveTimeoutNanos,
        long maxAgeNanos,
        long maxIdleNanos,
        long retryBackoffNanos,
        long retryBackoffMaxNanos,
        Rebootstrap rebootstrap,
        long rebootstrapTriggerNanos) {

    /** What to do when no known node can be used (KIP-899). */
    public enum Rebootstrap {
        /** Go back to the bootstrap addresses. */
        ALLOWED,
        /** Go on with the nodes known. */
        NEVER
    }
}
