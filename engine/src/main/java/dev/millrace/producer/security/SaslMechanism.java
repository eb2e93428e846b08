package dev.millrace.producer.security;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a producer proves to a broker who it is (RFC 4422). The broker's listener has to offer the mechanism. */
public enum SaslMechanism {
    /** User and password in the clear, so over TLS only (RFC 4616). */
    PLAIN("PLAIN", Proof.PASSWORD),
    /** User and password, of which neither side tells the other; with SHA-256 (RFC 5802, RFC 7677). */
    SCRAM_SHA_256("SCRAM-SHA-256", Proof.PASSWORD),
    /** As {@link #SCRAM_SHA_256}, with SHA-512. */
    SCRAM_SHA_512("SCRAM-SHA-512", Proof.PASSWORD),
    /** A token of an authorization server, over TLS only (RFC 7628, KIP-255). */
    OAUTHBEARER("OAUTHBEARER", Proof.TOKEN),
    /** Kerberos 5 (RFC 4752). */
    GSSAPI("GSSAPI", Proof.TICKET);

    private final String wireName;
    private final Proof proof;

    SaslMechanism(String wireName, Proof proof) {
        this.wireName = wireName;
        this.proof = proof;
    }

    /** What a mechanism needs of the user. */
    public enum Proof {
        /** {@link UserCredentials} of a {@link CredentialsSupplier}. */
        PASSWORD,
        /** A {@link Token} of a {@link TokenSupplier}. */
        TOKEN,
        /** A ticket of Kerberos, of a {@link KerberosCredentialSupplier} or of the JVM's ticket cache. */
        TICKET
    }

    /** The registered name, such as {@code SCRAM-SHA-256}. */
    public String wireName() {
        return wireName;
    }

    /** What it needs of the user. */
    public Proof proof() {
        return proof;
    }

    /** The mechanism of this name, or null; case, and whether words are joined by {@code -} or {@code _}, do not matter. */
    public static @Nullable SaslMechanism find(String name) {
        String wanted = name.trim().toUpperCase(Locale.ROOT).replace('_', '-');
        return Arrays.stream(values())
                .filter(each -> each.wireName.equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** The names of all mechanisms, for messages. */
    public static List<String> wireNames() {
        return Arrays.stream(values()).map(SaslMechanism::wireName).toList();
    }

    /** As {@link #wireName()}. */
    @Override
    public String toString() {
        return wireName;
    }
}
