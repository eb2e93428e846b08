package dev.millrace.producer.security;

/** How a client proves to a broker who it is (SASL, RFC 4422). */
public enum SaslMechanism {
    /** User and password as they are; only over TLS (RFC 4616). */
    PLAIN("PLAIN"),
    /** A proof that the password is known, with SHA-256 (RFC 5802, RFC 7677). */
    SCRAM_SHA_256("SCRAM-SHA-256"),
    /** A proof that the password is known, with SHA-512 (RFC 5802). */
    SCRAM_SHA_512("SCRAM-SHA-512"),
    /** A token that somebody else has issued (RFC 7628, KIP-255). */
    OAUTHBEARER("OAUTHBEARER"),
    /** A Kerberos ticket (RFC 4752). */
    GSSAPI("GSSAPI");

    private final String wireName;

    SaslMechanism(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the wire and in configurations. */
    @Override
    public String toString() {
        return wireName;
    }
}
