package dev.millrace.producer.internal.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Turns names into addresses. May block: called on a thread of its own. */
@FunctionalInterface
public interface HostResolver {

    /** The operating system's resolver. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * All addresses of a name, at least one, in the order of preference.
     *
     * @throws UnknownHostException if the name has none, or nobody can be asked
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /**
     * The canonical names of a host's addresses (reverse lookup), each once, at least one; the address itself where it has
     * no name.
     *
     * @throws UnknownHostException if the name has no addresses, or nobody can be asked
     */
    default List<String> canonicalNames(String host) throws UnknownHostException {
        return resolve(host).stream()
                .map(InetAddress::getCanonicalHostName)
                .distinct()
                .toList();
    }
}
