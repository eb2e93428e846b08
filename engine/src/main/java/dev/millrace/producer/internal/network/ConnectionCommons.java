package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.network.security.Authentication;

/**
 * What all connections to a cluster have in common, those of its metadata and those of its producers.
 *
 * @param reachability tells of those that are lost and cannot be made
 * @param renewal replaces them while they work
 * @param authentication proves to their brokers who the client is
 */
public record ConnectionCommons(
        ReachabilityLog reachability, ConnectionRenewal renewal, Authentication authentication) {

    /** For one cluster. */
    public static ConnectionCommons of(String logPrefix) {
        return of(logPrefix, Authentication.NONE);
    }

    /** For one cluster that wants to know who its clients are. */
    public static ConnectionCommons of(String logPrefix, Authentication authentication) {
        ConnectionRenewal renewal = new ConnectionRenewal(logPrefix);
        authentication.listen(new Authentication.Listener() {
            @Override
            public void onUsable() {
                renewal.endPauses("other credentials");
            }

            @Override
            public void onReplaced() {
                renewal.renewAll("other credentials");
            }
        });
        return new ConnectionCommons(new ReachabilityLog(logPrefix), renewal, authentication);
    }
}
