package dev.millrace.devbroker;

import java.util.Locale;
import org.apache.kafka.clients.admin.ScramMechanism;

/** A way to log in to a listener with SASL. */
public enum DevMechanism {
    /** Name and password in the clear (RFC 4616). */
    PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
    /** A challenge that proves the password, with SHA-256 (RFC 7677). */
    SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    /** A challenge that proves the password, with SHA-512. */
    SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    /** A token (RFC 7628): signed where the listener has a token server, else of anybody. */
    OAUTHBEARER("OAUTHBEARER", "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule");

    private final String wireName;
    private final String loginModule;

    DevMechanism(String wireName, String loginModule) {
        this.wireName = wireName;
        this.loginModule = loginModule;
    }

    /** The name on the wire and in configuration: {@code SCRAM-SHA-256}. */
    public String wireName() {
        return wireName;
    }

    /** The start of a JAAS value for this mechanism. */
    JaasValue jaas() {
        return JaasValue.of(loginModule);
    }

    /** As part of the name of a broker setting: {@code scram-sha-256}. */
    String inSettings() {
        return wireName.toLowerCase(Locale.ROOT);
    }

    boolean isScram() {
        return this == SCRAM_SHA_256 || this == SCRAM_SHA_512;
    }

    ScramMechanism scram() {
        if (!isScram()) {
            throw new IllegalArgumentException(wireName + " is not SCRAM; users of PLAIN are given to the builder");
        }
        return ScramMechanism.fromMechanismName(wireName);
    }
}
