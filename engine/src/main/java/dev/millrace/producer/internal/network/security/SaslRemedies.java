package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.security.SaslMechanism;

/** What would help when a broker refuses a client, as the end of a message. Pure. */
final class SaslRemedies {

    static final String PASSWORD =
            "check user and password, and that the user exists on the brokers for this mechanism";
    static final String TOKEN = "check issuer, audience, scope and end of the token against the broker's configuration";
    static final String TICKET = "check the ticket, the service name and the broker's key tab";

    private SaslRemedies() {}

    static String of(SaslMechanism mechanism) {
        return switch (mechanism.proof()) {
            case PASSWORD -> PASSWORD;
            case TOKEN -> TOKEN;
            case TICKET -> TICKET;
        };
    }
}
