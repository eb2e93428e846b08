package dev.millrace.producer.config;

import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TokenSupplier;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What to say about a property whose name is not that of a setting. */
final class KnownNames {

    private static final String KERBEROS_LOGIN = "Kerberos tickets are renewed by whoever supplies them; remove it";

    private static final String TOKEN_CLIENT = "token endpoints are not asked by this version; give a "
            + TokenSupplier.class.getName() + " as " + KafkaSaslNames.LOGIN_HANDLER + ", or use the Spring starter";

    private static final String TOKEN_CHECKS = "is for those who check tokens, which a client does not; remove it";

    private static final List<String> TOKEN_CLIENT_NAMES = List.of(
            "sasl.login.connect.timeout.ms",
            "sasl.login.read.timeout.ms",
            "sasl.login.retry.backoff.max.ms",
            "sasl.login.retry.backoff.ms",
            "sasl.oauthbearer.assertion.algorithm",
            "sasl.oauthbearer.assertion.claim.aud",
            "sasl.oauthbearer.assertion.claim.exp.seconds",
            "sasl.oauthbearer.assertion.claim.iss",
            "sasl.oauthbearer.assertion.claim.jti.include",
            "sasl.oauthbearer.assertion.claim.nbf.seconds",
            "sasl.oauthbearer.assertion.claim.sub",
            "sasl.oauthbearer.assertion.file",
            "sasl.oauthbearer.assertion.private.key.file",
            "sasl.oauthbearer.assertion.private.key.passphrase",
            "sasl.oauthbearer.assertion.template.file",
            "sasl.oauthbearer.client.credentials.client.id",
            "sasl.oauthbearer.client.credentials.client.secret",
            "sasl.oauthbearer.header.urlencode",
            "sasl.oauthbearer.jwt.retriever.class",
            "sasl.oauthbearer.scope",
            "sasl.oauthbearer.token.endpoint.url");

    private static final List<String> TOKEN_CHECK_NAMES = List.of(
            "sasl.oauthbearer.clock.skew.seconds",
            "sasl.oauthbearer.expected.audience",
            "sasl.oauthbearer.expected.issuer",
            "sasl.oauthbearer.jwks.endpoint.refresh.ms",
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms",
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms",
            "sasl.oauthbearer.jwks.endpoint.url",
            "sasl.oauthbearer.jwt.validator.class",
            "sasl.oauthbearer.scope.claim.name",
            "sasl.oauthbearer.sub.claim.name");

    private static final List<String> KERBEROS_LOGIN_NAMES = List.of(
            "sasl.kerberos.kinit.cmd",
            "sasl.kerberos.min.time.before.relogin",
            "sasl.kerberos.ticket.renew.jitter",
            "sasl.kerberos.ticket.renew.window.factor");

    private static final List<String> SASL_CLASS_NAMES =
            List.of("sasl.client.callback.handler.class", "sasl.login.class");

    private static final List<String> TLS_PROVIDER_NAMES =
            List.of("security.providers", "ssl.provider", "ssl.secure.random.implementation");

    private static final List<String> METRICS =
            List.of("metric.reporters", "metrics.num.samples", "metrics.recording.level", "metrics.sample.window.ms");

    /** More edits than this make another name, not a misspelt one. */
    private static final int MAX_EDITS = 4;

    /** Kafka's names (kafka-clients 4.3, ProducerConfig) that have no setting, each with the reason. */
    static final Map<String, String> WITHOUT_SETTING = withoutSetting();

    private static final Collection<String> ALL = all();

    private KnownNames() {}

    /** Why a property of this name is refused, and what to do about it. */
    static String reasonAgainst(String name) {
        String unsupported = WITHOUT_SETTING.get(name);
        if (unsupported != null) {
            return unsupported;
        }
        for (Setting setting : Setting.values()) {
            if (setting.springName().equals(name)) {
                return "is the name in a Spring environment; write " + setting.kafkaName();
            }
        }
        String nearest = nearest(name);
        return nearest == null
                ? "is not a known setting; remove it"
                : "is not a known setting; did you mean " + nearest;
    }

    /** The known name that is fewest edits away, the first in the alphabet among equals, or null if none is near. */
    private static @Nullable String nearest(String name) {
        String best = null;
        int bestEdits = Math.min(MAX_EDITS, name.length() / 2) + 1;
        for (String known : ALL) {
            int edits = edits(name, known);
            if (edits < bestEdits) {
                best = known;
                bestEdits = edits;
            }
        }
        return best;
    }

    /** Levenshtein's distance: characters to insert, remove or replace. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[to.length()];
    }

    private static Collection<String> all() {
        Collection<String> names = new TreeSet<>(WITHOUT_SETTING.keySet());
        names.add(KafkaPropertyReader.KEY_SERIALIZER);
        names.add(KafkaPropertyReader.VALUE_SERIALIZER);
        names.add(KafkaPropertyReader.INTERCEPTORS);
        names.addAll(KafkaSaslNames.ALL);
        Stream.of(Setting.values()).map(Setting::kafkaName).forEach(names::add);
        return names;
    }

    private static Map<String, String> withoutSetting() {
        Map<String, String> reasons = new HashMap<>();
        add(
                reasons,
                "two-phase commit (KIP-939) is not finished in Kafka; remove it",
                List.of("transaction.two.phase.commit.enable"));
        add(
                reasons,
                "classes are not loaded by name; give a supplier as " + KafkaSaslNames.LOGIN_HANDLER + " instead",
                SASL_CLASS_NAMES);
        add(reasons, KERBEROS_LOGIN, KERBEROS_LOGIN_NAMES);
        add(reasons, TOKEN_CLIENT, TOKEN_CLIENT_NAMES);
        add(reasons, TOKEN_CHECKS, TOKEN_CHECK_NAMES);
        add(
                reasons,
                "the versions that are offered are those of " + Setting.TLS_PROTOCOLS + "; set that instead",
                List.of("ssl.protocol"));
        add(
                reasons,
                "classes are not loaded by name; give a " + TlsSource.class.getName() + " as this property",
                List.of("ssl.engine.factory.class"));
        add(
                reasons,
                "providers are not chosen by name; give a " + TlsSource.class.getName()
                        + " whose material has an SSLContext of that provider",
                TLS_PROVIDER_NAMES);
        add(reasons, "classes are not loaded by name; remove it", List.of("config.providers"));
        add(reasons, "Kafka's metrics do not exist here; remove it", METRICS);
        return Map.copyOf(reasons);
    }

    private static void add(Map<String, String> reasons, String reason, List<String> names) {
        names.forEach(name -> reasons.put(name, reason));
    }
}
