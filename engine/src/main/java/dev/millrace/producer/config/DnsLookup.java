package dev.millrace.producer.config;

/** How the names of brokers become addresses (KIP-302, KIP-602). */
public enum DnsLookup {

    /** All addresses of a name are tried in turn. */
    USE_ALL_DNS_IPS("use_all_dns_ips"),
    /** As above; before that each bootstrap server is replaced by the canonical names of its addresses. */
    RESOLVE_CANONICAL_BOOTSTRAP_SERVERS_ONLY("resolve_canonical_bootstrap_servers_only");

    private final String text;

    DnsLookup(String text) {
        this.text = text;
    }

    /**
     * Reads the form used in configurations, with {@code -} or {@code _} between the words; surrounding blanks and case do
     * not matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static DnsLookup parse(String text) {
        return Choices.parse(values(), text);
    }

    /** The form used in configurations. */
    @Override
    public String toString() {
        return text;
    }
}
