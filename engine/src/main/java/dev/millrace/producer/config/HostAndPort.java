package dev.millrace.producer.config;

/**
 * Where a broker listens.
 *
 * @param host a name or an address, IPv6 without brackets; not resolved here
 * @param port 1 to 65535
 */
public record HostAndPort(String host, int port) {

    private static final int MAX_PORT = 65_535;

    /**
     * Checks host and port.
     *
     * @throws IllegalArgumentException if the host is blank or the port out of range
     */
    public HostAndPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must not be blank; write host:port");
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is out of range; use 1 to " + MAX_PORT);
        }
    }

    /**
     * Reads {@code host:port} or {@code [v6]:port}; surrounding blanks do not matter.
     *
     * @throws IllegalArgumentException if it is something else; the message names the entry and what would be right
     */
    public static HostAndPort parse(String entry) {
        String text = entry.trim();
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        try {
            refuseOddForms(text, host, colon);
            return new HostAndPort(withoutBrackets(host), port(text.substring(colon + 1)));
        } catch (IllegalArgumentException cause) {
            throw new IllegalArgumentException("bad entry '" + text + "': " + cause.getMessage(), cause);
        }
    }

    /** The form {@link #parse} reads: {@code host:port} or {@code [v6]:port}. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    private static void refuseOddForms(String text, String host, int colon) {
        if (text.contains("://")) {
            throw new IllegalArgumentException("write host:port without a scheme");
        }
        if (colon < 0 || text.endsWith("]")) {
            throw new IllegalArgumentException("the port is missing; write host:port");
        }
        if (host.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '@')) {
            throw new IllegalArgumentException("a host has no blanks, slashes or @; write host:port");
        }
        if (host.indexOf(':') >= 0 && !isBracketed(host)) {
            throw new IllegalArgumentException("put an IPv6 address in brackets: [address]:port");
        }
        if (!isBracketed(host) && (host.indexOf('[') >= 0 || host.indexOf(']') >= 0)) {
            throw new IllegalArgumentException("brackets go around an IPv6 address: [address]:port");
        }
    }

    private static boolean isBracketed(String host) {
        return host.startsWith("[") && host.endsWith("]");
    }

    private static String withoutBrackets(String host) {
        return isBracketed(host) ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber) {
            throw new IllegalArgumentException("port '" + text + "' is not a number; use 1 to " + MAX_PORT);
        }
        return Integer.parseInt(text);
    }
}
