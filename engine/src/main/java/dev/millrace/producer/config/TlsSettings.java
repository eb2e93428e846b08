package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What makes the settings of TLS valid, and the configuration they make. Nothing is read from files here. */
final class TlsSettings {

    private static final String PEM = "PEM";

    /** Older ones are broken (RFC 8996). */
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private static final Set<Setting> ALL =
            EnumSet.range(Setting.TLS_ENDPOINT_IDENTIFICATION, Setting.TLS_TRUST_MANAGER_ALGORITHM);

    /** Settings that say where keys or trusted authorities are. */
    private static final Set<Setting> MATERIAL = Set.of(
            Setting.TLS_KEY_STORE_LOCATION,
            Setting.TLS_KEY_STORE_KEY,
            Setting.TLS_TRUST_STORE_LOCATION,
            Setting.TLS_TRUST_STORE_CERTIFICATES);

    private final SettingValues values;
    private final SecurityObjects objects;
    private final List<Violation> found = new ArrayList<>();

    private TlsSettings(SettingValues values, SecurityObjects objects) {
        this.values = values;
        this.objects = objects;
    }

    /** Whether settings say whom to trust or what to prove the client with. */
    static boolean hasMaterial(SettingValues values) {
        return MATERIAL.stream().anyMatch(setting -> !values.raw(setting).isBlank());
    }

    /** Material without a protocol, and without SASL, means TLS. */
    static void derive(SettingValues values, SecurityObjects objects) {
        if (objects.hasTls(values)
                && !values.isGiven(Setting.SECURITY_PROTOCOL)
                && !values.isGiven(Setting.SASL_MECHANISM)) {
            values.derive(Setting.SECURITY_PROTOCOL, SecurityProtocol.SSL, "because there is TLS material");
        }
    }

    /** What is wrong. */
    static List<Violation> violations(SettingValues values, SecurityObjects objects, Set<Setting> unreadable) {
        TlsSettings checked = new TlsSettings(values, objects);
        checked.checkSource();
        checked.checkStore(
                Setting.TLS_KEY_STORE_TYPE,
                Setting.TLS_KEY_STORE_LOCATION,
                Setting.TLS_KEY_STORE_KEY,
                Setting.TLS_KEY_STORE_PASSWORD);
        checked.checkStore(
                Setting.TLS_TRUST_STORE_TYPE,
                Setting.TLS_TRUST_STORE_LOCATION,
                Setting.TLS_TRUST_STORE_CERTIFICATES,
                Setting.TLS_TRUST_STORE_PASSWORD);
        checked.checkChain();
        if (!unreadable.contains(Setting.TLS_PROTOCOLS)) {
            checked.checkVersions();
        }
        return checked.found;
    }

    /** What is said of TLS where there is none. */
    static List<String> doubts(SettingValues values, SecurityObjects objects) {
        SecurityProtocol protocol = values.choice(Setting.SECURITY_PROTOCOL, SecurityProtocol.class);
        List<String> idle = new ArrayList<>();
        if (objects.tls != null) {
            idle.add("the source of TLS material (an SSL bundle, or an object)");
        }
        values.given().forEach((setting, value) -> {
            boolean isEmpty = value.equals("") || value.equals(List.of());
            if (ALL.contains(setting) && !isEmpty) {
                idle.add(setting.toString());
            }
        });
        return protocol.usesTls() || idle.isEmpty()
                ? List.of()
                : List.of(Setting.SECURITY_PROTOCOL + " is " + protocol
                        + ", so connections are not encrypted, and these have no effect: " + String.join(", ", idle));
    }

    private void checkSource() {
        if (objects.tls != null) {
            MATERIAL.stream()
                    .filter(this::has)
                    .sorted()
                    .forEach(setting -> refuse(
                            setting, "a source of TLS material is given, too; remove this setting or that object"));
        }
    }

    private void checkStore(Setting type, Setting location, Setting inline, Setting password) {
        if (has(location) && has(inline)) {
            refuse(location, "is given beside " + inline + "; remove one of them");
        }
        if (has(inline) && values.isGiven(type) && !isPem(type)) {
            refuse(type, "must be PEM with " + inline);
        }
        if (has(password) && (isPem(type) || has(inline))) {
            refuse(
                    password,
                    "PEM has no store and no password of it; remove it, or give that of an encrypted key as "
                            + Setting.TLS_KEY_PASSWORD);
        }
        if (has(location)) {
            try {
                Path unused = Path.of(values.raw(location));
            } catch (InvalidPathException e) {
                refuse(location, "is not a path: " + e.getReason());
            }
        }
    }

    private void checkChain() {
        if (has(Setting.TLS_KEY_STORE_KEY) != has(Setting.TLS_KEY_STORE_CHAIN)) {
            Setting missing = has(Setting.TLS_KEY_STORE_KEY) ? Setting.TLS_KEY_STORE_CHAIN : Setting.TLS_KEY_STORE_KEY;
            refuse(missing, "is missing; a key and its certificate chain belong together");
        }
    }

    private void checkVersions() {
        for (String each : values.texts(Setting.TLS_PROTOCOLS)) {
            if (!VERSIONS.contains(each)) {
                found.add(new Violation(
                        Setting.TLS_PROTOCOLS.toString(), each, "must be of " + String.join(", ", VERSIONS)));
            }
        }
    }

    /** The configuration, of checked values. */
    static TlsConfig conclude(SettingValues values, SecurityObjects objects) {
        TlsSource source = objects.tls;
        return new TlsConfig(
                source == null ? new TlsSettings(values, objects).described() : source,
                values.choice(Setting.TLS_ENDPOINT_IDENTIFICATION, EndpointIdentification.class),
                values.isGiven(Setting.TLS_PROTOCOLS) ? values.texts(Setting.TLS_PROTOCOLS) : List.of(),
                values.texts(Setting.TLS_CIPHER_SUITES));
    }

    private TlsSource described() {
        if (!hasMaterial(values)) {
            return TlsSources.jvmDefault();
        }
        TlsSources.Builder builder = TlsSources.builder()
                .keyPassword(text(Setting.TLS_KEY_PASSWORD))
                .keyManagerAlgorithm(values.raw(Setting.TLS_KEY_MANAGER_ALGORITHM))
                .trustManagerAlgorithm(values.raw(Setting.TLS_TRUST_MANAGER_ALGORITHM));
        if (has(Setting.TLS_KEY_STORE_KEY)) {
            builder.keyPem(values.raw(Setting.TLS_KEY_STORE_KEY), values.raw(Setting.TLS_KEY_STORE_CHAIN));
        } else if (has(Setting.TLS_KEY_STORE_LOCATION)) {
            Path file = Path.of(values.raw(Setting.TLS_KEY_STORE_LOCATION));
            if (isPem(Setting.TLS_KEY_STORE_TYPE)) {
                builder.keyPem(file, file);
            } else {
                builder.keyStore(file, values.raw(Setting.TLS_KEY_STORE_TYPE), text(Setting.TLS_KEY_STORE_PASSWORD));
            }
        }
        if (has(Setting.TLS_TRUST_STORE_CERTIFICATES)) {
            builder.trustPem(values.raw(Setting.TLS_TRUST_STORE_CERTIFICATES));
        } else if (has(Setting.TLS_TRUST_STORE_LOCATION)) {
            Path file = Path.of(values.raw(Setting.TLS_TRUST_STORE_LOCATION));
            if (isPem(Setting.TLS_TRUST_STORE_TYPE)) {
                builder.trustPem(file);
            } else {
                builder.trustStore(
                        file, values.raw(Setting.TLS_TRUST_STORE_TYPE), text(Setting.TLS_TRUST_STORE_PASSWORD));
            }
        }
        return builder.build();
    }

    private boolean has(Setting setting) {
        return !values.raw(setting).isBlank();
    }

    private boolean isPem(Setting type) {
        return values.raw(type).trim().toUpperCase(Locale.ROOT).equals(PEM);
    }

    /** Null if not given. */
    private @Nullable String text(Setting setting) {
        String text = values.raw(setting);
        return text.isEmpty() ? null : text;
    }

    private void refuse(Setting setting, String reason) {
        found.add(new Violation(setting.toString(), has(setting) ? values.text(setting) : "", reason));
    }
}
