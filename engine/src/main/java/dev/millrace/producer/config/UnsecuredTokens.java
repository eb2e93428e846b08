package dev.millrace.producer.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tokens that nobody has signed, of claims in a {@code sasl.jaas.config}; for development, as brokers take them only if they
 * are told to (KIP-255, unsecured JSON Web Tokens). Equal if the claims are.
 *
 * @param claims JSON values by name, without the times
 * @param lifetime how long each token lives
 * @param extensions for the broker
 */
record UnsecuredTokens(Map<String, String> claims, Duration lifetime, Map<String, String> extensions)
        implements TokenSupplier {

    private static final String PREFIX = "unsecuredLogin";
    private static final String TEXT = PREFIX + "StringClaim_";
    private static final String NUMBER = PREFIX + "NumberClaim_";
    private static final String LIST = PREFIX + "ListClaim_";
    private static final String EXTENSION = PREFIX + "Extension_";
    private static final String LIFETIME = PREFIX + "LifetimeSeconds";
    private static final String PRINCIPAL = PREFIX + "PrincipalClaimName";
    private static final String SCOPE = PREFIX + "ScopeClaimName";
    private static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /**
     * Of the options of Kafka's login module.
     *
     * @throws IllegalArgumentException whose message says what is wrong
     */
    static UnsecuredTokens of(Map<String, String> options) {
        Map<String, String> left = new TreeMap<>(options);
        Map<String, String> claims = new TreeMap<>();
        Map<String, String> extensions = new TreeMap<>();
        String lifetime = left.remove(LIFETIME);
        String principal = left.remove(PRINCIPAL);
        left.remove(SCOPE); // says how a claim is called that is given under that name
        options.forEach((name, value) -> {
            if (name.startsWith(TEXT)) {
                claims.put(name.substring(TEXT.length()), quoted(value));
            } else if (name.startsWith(NUMBER)) {
                claims.put(name.substring(NUMBER.length()), number(name, value));
            } else if (name.startsWith(LIST)) {
                claims.put(name.substring(LIST.length()), list(value));
            } else if (name.startsWith(EXTENSION)) {
                extensions.put(name.substring(EXTENSION.length()), value);
            } else {
                return;
            }
            left.remove(name);
        });
        KafkaSaslNames.refuseUnknown(left.keySet());
        String needed = principal == null ? "sub" : principal;
        if (!claims.containsKey(needed)) {
            throw new IllegalArgumentException("needs the option " + TEXT + needed);
        }
        return new UnsecuredTokens(claims, lifetime == null ? DEFAULT_LIFETIME : seconds(lifetime), extensions);
    }

    private static Duration seconds(String value) {
        try {
            return Duration.ofSeconds(Long.parseLong(value.trim()));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("has no whole number of seconds as " + LIFETIME, e);
        }
    }

    private static String number(String name, String value) {
        try {
            return new BigDecimal(value.trim()).toPlainString();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("has no number as " + name, e);
        }
    }

    /** The first character separates the others. */
    private static String list(String value) {
        if (value.isEmpty()) {
            return "[]";
        }
        StringBuilder json = new StringBuilder("[");
        for (String each : value.substring(1).split(java.util.regex.Pattern.quote(value.substring(0, 1)), -1)) {
            json.append(json.length() == 1 ? "" : ",").append(quoted(each));
        }
        return json.append(']').toString();
    }

    private static String quoted(String value) {
        StringBuilder json = new StringBuilder("\"");
        value.chars().forEach(each -> {
            boolean isPlain = each >= ' ' && each != '"' && each != '\\';
            json.append(isPlain ? String.valueOf((char) each) : String.format("\\u%04x", each));
        });
        return json.append('"').toString();
    }

    @Override
    public Token get() {
        return get(Clock.systemUTC());
    }

    /** As at that time. */
    Token get(Clock clock) {
        Instant now = clock.instant();
        Map<String, String> all = new TreeMap<>(claims);
        all.put("iat", String.valueOf(now.getEpochSecond()));
        all.put("exp", String.valueOf(now.plus(lifetime).getEpochSecond()));
        StringBuilder json = new StringBuilder("{");
        all.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(value));
        String token =
                encoded("{\"alg\":\"none\"}") + "." + encoded(json.append('}').toString()) + ".";
        return Token.of(token, now.plus(lifetime)).with(extensions);
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(UTF_8));
    }

    @Override
    public String name() {
        return "the unsecured claims of " + KafkaSaslNames.JAAS_CONFIG;
    }

    /** Without the claims. */
    @Override
    public String toString() {
        return "UnsecuredTokens[claims=" + claims.keySet() + ", lifetime=" + lifetime + "]";
    }
}
