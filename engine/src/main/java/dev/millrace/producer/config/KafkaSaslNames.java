package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's configuration says in {@code sasl.jaas.config}, as far as it can be said without loading a class, and the
 * supplier that may stand in the place of a login callback handler.
 */
final class KafkaSaslNames {

    static final String JAAS_CONFIG = "sasl.jaas.config";
    static final String LOGIN_HANDLER = "sasl.login.callback.handler.class";
    static final Set<String> ALL = Set.of(JAAS_CONFIG, LOGIN_HANDLER);

    private static final String SUPPLIER_REMEDY = "classes are not loaded by name; give an object that is a "
            + TokenSupplier.class.getName() + ", a " + CredentialsSupplier.class.getName() + " or a "
            + KerberosCredentialSupplier.class.getName();

    private static final String KAFKA = "org.apache.kafka.common.security.";
    private static final Set<String> SHADED =
            Set.of("", "kafkashaded.", "shadeddatabricks.", "shadedkafka.", "shaded.");
    private static final String PLAIN = KAFKA + "plain.PlainLoginModule";
    private static final String SCRAM = KAFKA + "scram.ScramLoginModule";
    private static final String OAUTH = KAFKA + "oauthbearer.OAuthBearerLoginModule";
    private static final String KERBEROS = "Krb5LoginModule";

    private static final String USER = "username";
    private static final String PASSWORD = "password";
    private static final String DELEGATION_TOKEN = "tokenauth";
    private static final Set<String> CLIENT_CREDENTIALS = Set.of("clientId", "clientSecret", "scope");

    private KafkaSaslNames() {}

    /** Puts what the properties say into the builder, and what they say wrong into the violations. */
    static void read(
            Map<String, ? extends @Nullable Object> properties, ProducerConfig.Builder to, List<Violation> wrong) {
        Object jaas = properties.get(JAAS_CONFIG);
        if (jaas instanceof String text) {
            readJaas(text, to, wrong);
        } else if (properties.containsKey(JAAS_CONFIG)) {
            wrong.add(new Violation(JAAS_CONFIG, "", "must be text"));
        }
        if (properties.containsKey(LOGIN_HANDLER)) {
            readHandler(properties.get(LOGIN_HANDLER), to, wrong);
        }
    }

    private static void readHandler(@Nullable Object handler, ProducerConfig.Builder to, List<Violation> wrong) {
        if (handler instanceof TokenSupplier tokens) {
            to.saslTokens(tokens);
        } else if (handler instanceof CredentialsSupplier credentials) {
            to.saslCredentials(credentials);
        } else if (handler instanceof KerberosCredentialSupplier kerberos) {
            to.saslKerberos(kerberos);
        } else {
            wrong.add(new Violation(LOGIN_HANDLER, handler instanceof String name ? name : "", SUPPLIER_REMEDY));
        }
    }

    private static void readJaas(String text, ProducerConfig.Builder to, List<Violation> wrong) {
        try {
            JaasText jaas = JaasText.parse(text);
            String module = plainName(jaas.module());
            switch (module) {
                case PLAIN, SCRAM -> to.saslCredentials(CredentialsSupplier.of(credentials(jaas, module)));
                case OAUTH -> readTokenOptions(jaas, to);
                default -> throw new IllegalArgumentException(reasonAgainst(module));
            }
        } catch (IllegalArgumentException cause) {
            wrong.add(new Violation(JAAS_CONFIG, "", String.valueOf(cause.getMessage())));
        }
    }

    private static String plainName(String module) {
        for (String prefix : SHADED) {
            if (module.equals(prefix + PLAIN) || module.equals(prefix + SCRAM) || module.equals(prefix + OAUTH)) {
                return module.substring(prefix.length());
            }
        }
        return module;
    }

    private static String reasonAgainst(String module) {
        return module.endsWith(KERBEROS)
                ? "Kerberos is used without a login module; remove this for the JVM's ticket cache, or give a "
                        + KerberosCredentialSupplier.class.getName() + " as " + LOGIN_HANDLER
                : "has a login module that is not known, and classes are not loaded by name: " + module
                        + "; use PlainLoginModule, ScramLoginModule or OAuthBearerLoginModule of Kafka, or give a "
                        + "supplier as " + LOGIN_HANDLER;
    }

    private static UserCredentials credentials(JaasText jaas, String module) {
        Map<String, String> options = new TreeMap<>(jaas.options());
        String user = options.remove(USER);
        String password = options.remove(PASSWORD);
        String delegation = module.equals(SCRAM) ? options.remove(DELEGATION_TOKEN) : null;
        refuseUnknown(options.keySet());
        if (user == null || password == null) {
            throw new IllegalArgumentException("needs the options " + USER + " and " + PASSWORD);
        }
        return delegation != null && delegation.toLowerCase(Locale.ROOT).equals("true")
                ? UserCredentials.ofDelegationToken(user, password)
                : UserCredentials.of(user, password);
    }

    private static void readTokenOptions(JaasText jaas, ProducerConfig.Builder to) {
        Map<String, String> options = new TreeMap<>(jaas.options());
        if (options.keySet().stream().anyMatch(CLIENT_CREDENTIALS::contains)) {
            throw new IllegalArgumentException(
                    "has the options of a client of a token endpoint, which this version does not ask; give a "
                            + TokenSupplier.class.getName() + " as " + LOGIN_HANDLER + ", or use the Spring starter");
        }
        if (!options.isEmpty()) {
            to.saslTokens(UnsecuredTokens.of(options));
        } // without options the tokens come from a supplier
    }

    static void refuseUnknown(Set<String> names) {
        if (!names.isEmpty()) {
            throw new IllegalArgumentException(
                    "has options that are not known: " + String.join(", ", new TreeSet<>(names)) + "; remove them");
        }
    }
}
