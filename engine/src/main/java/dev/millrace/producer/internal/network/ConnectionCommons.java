package dev.millrace.producer.internal.network;

/**
 * What all connections to a cluster have in common, those of its metadata and those of its producers.
 *
 * @param reachability tells of those that are lost and cannot be made
 * @param renewal replaces them while they work
 */
public record ConnectionCommons(ReachabilityLog reachability, ConnectionRenewal renewal) {

    /** For one cluster. */
    public static ConnectionCommons of(String logPrefix) {
        return new ConnectionCommons(new ReachabilityLog(logPrefix), new ConnectionRenewal(logPrefix));
    }
}
