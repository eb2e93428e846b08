package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which addresses and this client do not accept each other. Pure. */
@EventLoopOnly
final class Refusals {

    private final Map<BrokerAddress, AuthenticationException> refused = new HashMap<>();

    /** An attempt to connect to an address ended with this. */
    void failed(BrokerAddress address, Throwable cause) {
        if (cause instanceof AuthenticationException refusal && refusal.recovery() != Recovery.RETRY) {
            refused.put(address, refusal);
        } else {
            refused.remove(address);
        }
    }

    /** The next attempt to connect to an address begins. */
    void forget(BrokerAddress address) {
        refused.remove(address);
    }

    /** The one of the first of these addresses if all of them refuse; null if some may still accept. */
    @Nullable AuthenticationException ofAll(Collection<BrokerAddress> addresses) {
        AuthenticationException first = null;
        for (BrokerAddress address : addresses) {
            AuthenticationException refusal = refused.get(address);
            if (refusal == null) {
                return null;
            }
            first = first == null ? refusal : first;
        }
        return first;
    }

    /** The cluster was reached. */
    void clear() {
        refused.clear();
    }
}
