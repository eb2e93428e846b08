package dev.millrace.producer.internal.network;

/**
 * Where a broker listens.
 *
 * @param host a name or an IP literal, without brackets
 * @param port 1 to 65535
 */
public record BrokerAddress(String host, int port) {

    /** The form users write in {@code bootstrap-servers}; IPv6 literals in brackets. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
