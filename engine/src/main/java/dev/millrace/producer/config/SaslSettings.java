package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.SaslMechanism;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes the settings of SASL valid, and the configuration they make. */
final class SaslSettings {

    private SaslSettings() {}

    /** A mechanism without a protocol means SASL, with TLS if there is material for it. */
    static void derive(SettingValues values, SecurityObjects objects) {
        if (values.isGiven(Setting.SASL_MECHANISM)
                && !values.isGiven(Setting.SECURITY_PROTOCOL)
                && objects.hasTls(values)) {
            values.derive(
                    Setting.SECURITY_PROTOCOL,
                    SecurityProtocol.SASL_SSL,
                    "because " + Setting.SASL_MECHANISM + " is set and there is TLS material");
        }
    }

    /** What is wrong, after {@link #derive}. */
    static List<Violation> violations(SettingValues values, SecurityObjects objects, Set<Setting> unreadable) {
        List<Violation> found = new ArrayList<>();
        if (unreadable.contains(Setting.SECURITY_PROTOCOL) || unreadable.contains(Setting.SASL_MECHANISM)) {
            return found;
        }
        boolean usesSasl = protocol(values).usesSasl();
        SaslMechanism mechanism = SaslMechanism.find(values.text(Setting.SASL_MECHANISM));
        if (mechanism != null) {
            addUnless(usesSasl, found, () -> withoutProtocol(values));
            addUnless(!usesSasl || hasProof(mechanism, objects), found, () -> withoutProof(mechanism));
            addUnless(
                    !usesSasl
                            || mechanism != SaslMechanism.GSSAPI
                            || !values.text(Setting.SASL_KERBEROS_SERVICE_NAME).isBlank(),
                    found,
                    () -> violation(
                            Setting.SASL_KERBEROS_SERVICE_NAME,
                            "",
                            "is needed for GSSAPI; give the first part of the brokers' principals, such as kafka"));
        } else if (!values.text(Setting.SASL_MECHANISM).isBlank()) {
            found.add(violation(
                    Setting.SASL_MECHANISM,
                    values.text(Setting.SASL_MECHANISM),
                    "must be one of " + String.join(", ", SaslMechanism.wireNames())));
        } else if (usesSasl) {
            found.add(violation(
                    Setting.SASL_MECHANISM,
                    "",
                    "is needed with " + Setting.SECURITY_PROTOCOL + "=" + protocol(values) + "; give one of "
                            + String.join(", ", SaslMechanism.wireNames())));
        }
        return found;
    }

    private static void addUnless(boolean isFine, List<Violation> found, java.util.function.Supplier<Violation> why) {
        if (!isFine) {
            found.add(why.get());
        }
    }

    private static Violation withoutProtocol(SettingValues values) {
        return values.isGiven(Setting.SECURITY_PROTOCOL)
                ? violation(
                        Setting.SECURITY_PROTOCOL,
                        protocol(values).toString(),
                        "does not authenticate, but " + Setting.SASL_MECHANISM
                                + " is set; use SASL_SSL or SASL_PLAINTEXT, or remove the mechanism")
                : violation(
                        Setting.SASL_MECHANISM,
                        values.text(Setting.SASL_MECHANISM),
                        "credentials would be sent unencrypted; set " + Setting.SECURITY_PROTOCOL
                                + "=SASL_PLAINTEXT to allow this, or SASL_SSL for TLS");
    }

    private static Violation withoutProof(SaslMechanism mechanism) {
        String reason =
                switch (mechanism.proof()) {
                    case PASSWORD -> "needs a user and a password; give credentials or a supplier of them";
                    case TOKEN -> "needs tokens; give a supplier of them";
                    case TICKET -> "needs a ticket";
                };
        return violation(Setting.SASL_MECHANISM, mechanism.toString(), reason);
    }

    private static boolean hasProof(SaslMechanism mechanism, SecurityObjects objects) {
        return switch (mechanism.proof()) {
            case PASSWORD -> objects.credentials != null;
            case TOKEN -> objects.tokens != null;
            case TICKET -> true; // the JVM's ticket cache
        };
    }

    /** The configuration, null without SASL. Of checked values. */
    static @Nullable SaslConfig conclude(SettingValues values, SecurityObjects objects) {
        if (!protocol(values).usesSasl()) {
            return null;
        }
        SaslMechanism mechanism =
                Objects.requireNonNull(SaslMechanism.find(values.text(Setting.SASL_MECHANISM)), "checked before");
        SaslMechanism.Proof proof = mechanism.proof();
        return new SaslConfig(
                mechanism,
                proof == SaslMechanism.Proof.PASSWORD ? objects.credentials : null,
                proof == SaslMechanism.Proof.TOKEN ? objects.tokens : null,
                proof == SaslMechanism.Proof.TICKET ? objects.kerberos : null,
                values.text(Setting.SASL_KERBEROS_SERVICE_NAME),
                new LoginRefreshConfig(
                        (Double) values.value(Setting.SASL_LOGIN_REFRESH_WINDOW_FACTOR),
                        (Double) values.value(Setting.SASL_LOGIN_REFRESH_WINDOW_JITTER),
                        values.duration(Setting.SASL_LOGIN_REFRESH_MIN_PERIOD),
                        values.duration(Setting.SASL_LOGIN_REFRESH_BUFFER)));
    }

    private static SecurityProtocol protocol(SettingValues values) {
        return values.choice(Setting.SECURITY_PROTOCOL, SecurityProtocol.class);
    }

    private static Violation violation(Setting setting, String value, String reason) {
        return new Violation(setting.toString(), value, reason);
    }
}
