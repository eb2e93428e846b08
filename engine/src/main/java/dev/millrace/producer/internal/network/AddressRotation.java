package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order the addresses of a name are tried: those of the first one's family (IPv4 or IPv6), beginning behind
 * the one that failed or was lost last. So an address that does not answer is not the first choice twice, and a lost
 * connection comes back elsewhere (KAFKA-12193, KAFKA-15817).
 */
@EventLoopOnly
final class AddressRotation {

    private final Map<BrokerAddress, InetAddress> lastEnded = new HashMap<>();

    /** The addresses to try, in order. */
    List<InetAddress> order(BrokerAddress address, List<InetAddress> resolved) {
        List<InetAddress> sameFamily = new ArrayList<>(resolved.size());
        for (InetAddress ip : resolved) {
            if (ip.getClass() == resolved.get(0).getClass()) {
                sameFamily.add(ip);
            }
        }
        int last = sameFamily.indexOf(lastEnded.get(address));
        Collections.rotate(sameFamily, -(last + 1));
        return sameFamily;
    }

    /** An attempt over this address failed, or a connection over it is gone. */
    void ended(BrokerAddress address, InetAddress ip) {
        lastEnded.put(address, ip);
    }
}
