package dev.millrace.autoconfigure;

import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/** Makes the supplier of tokens that {@code app.producer.sasl.oauth} describes. */
final class OAuthTokens {

    static final String PREFIX = "app.producer.sasl.oauth.";
    static final String TOKEN_URI = PREFIX + "token-uri";

    private static final String REGISTRATION = PREFIX + "registration";
    private static final String SPRING_SECURITY =
            "org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager";

    private final ConfigurableListableBeanFactory beanFactory;
    private final SslBundleSources bundles;

    OAuthTokens(ConfigurableListableBeanFactory beanFactory, SslBundleSources bundles) {
        this.beanFactory = beanFactory;
        this.bundles = bundles;
    }

    /** One that is never asked, if there are violations. */
    TokenSupplier supplier(ProducerInstance instance, OAuthProperties properties, List<Violation> violations) {
        int before = violations.size();
        boolean isRegistered = StringUtils.hasText(properties.getRegistration());
        check(properties, isRegistered, violations);
        TlsSource tls = tls(properties, violations);
        ClientAuthentication authentication = authentication(properties.getClientAuthentication(), violations);
        if (violations.size() > before) {
            return () -> {
                throw new IllegalStateException("refused at start");
            };
        }
        Map<String, String> extensions = Map.copyOf(properties.getExtensions());
        if (isRegistered) {
            return AuthorizedClientTokens.of(
                    text(properties.getRegistration()), principal(instance), extensions, beanFactory);
        }
        return new ClientCredentialsTokens(
                new TokenEndpoint(
                        URI.create(text(properties.getTokenUri())),
                        text(properties.getClientId()),
                        text(properties.getClientSecret()),
                        authentication,
                        properties.getScope(),
                        orElse(properties.getConnectTimeout(), TokenEndpoint.DEFAULT_TIMEOUT),
                        orElse(properties.getReadTimeout(), TokenEndpoint.DEFAULT_TIMEOUT)),
                tls,
                extensions,
                Clock.systemUTC());
    }

    private void check(OAuthProperties properties, boolean isRegistered, List<Violation> violations) {
        if (isRegistered) {
            if (!ClassUtils.isPresent(SPRING_SECURITY, beanFactory.getBeanClassLoader())) {
                violations.add(new Violation(
                        REGISTRATION,
                        text(properties.getRegistration()),
                        "needs the library org.springframework.security:spring-security-oauth2-client, which is not on"
                                + " the class path; add it, or write " + TOKEN_URI + " instead"));
            } else if (StringUtils.hasText(properties.getTokenUri())) {
                violations.add(new Violation(
                        REGISTRATION,
                        text(properties.getRegistration()),
                        "gets the tokens, and so does " + TOKEN_URI + "; remove one of them"));
            }
        } else if (!StringUtils.hasText(properties.getTokenUri())) {
            violations.add(new Violation(
                    TOKEN_URI,
                    "",
                    "is needed for OAUTHBEARER, unless there is a bean of type TokenSupplier, or " + REGISTRATION
                            + " names a client registration of Spring Security"));
        } else {
            checkEndpoint(properties, violations);
        }
        properties.getExtensions().forEach((name, value) -> checkExtension(name, value, violations));
        checkTimeout("connect-timeout", properties.getConnectTimeout(), violations);
        checkTimeout("read-timeout", properties.getReadTimeout(), violations);
    }

    private static void checkEndpoint(OAuthProperties properties, List<Violation> violations) {
        if (!isHttp(text(properties.getTokenUri()))) {
            violations.add(new Violation(TOKEN_URI, "", "must be an absolute address that begins with https or http"));
        }
        if (!StringUtils.hasText(properties.getClientId())) {
            violations.add(new Violation(PREFIX + "client-id", "", "is needed with " + TOKEN_URI));
        }
        if (!StringUtils.hasText(properties.getClientSecret())) {
            violations.add(new Violation(PREFIX + "client-secret", "", "is needed with " + TOKEN_URI));
        }
    }

    private static boolean isHttp(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static void checkExtension(String name, String value, List<Violation> violations) {
        try {
            Token.of("any", Instant.MAX).with(Map.of(name, value));
        } catch (IllegalArgumentException refusal) {
            violations.add(new Violation(PREFIX + "extensions." + name, "", String.valueOf(refusal.getMessage())));
        }
    }

    private static void checkTimeout(String name, @Nullable Duration timeout, List<Violation> violations) {
        if (timeout != null && timeout.toMillis() < 1) {
            violations.add(new Violation(PREFIX + name, timeout.toMillis() + " ms", "must be at least 1 ms"));
        }
    }

    private @Nullable TlsSource tls(OAuthProperties properties, List<Violation> violations) {
        if (!StringUtils.hasText(properties.getSslBundle())) {
            return null;
        }
        String name = properties.getSslBundle().trim();
        TlsSource source = bundles.named(name, SslReload.NEW_CONNECTIONS);
        if (source == null) {
            violations.add(ProducerSecurity.unknownBundle(PREFIX + "ssl-bundle", name, bundles.names()));
        }
        return source;
    }

    private static ClientAuthentication authentication(@Nullable String text, List<Violation> violations) {
        if (!StringUtils.hasText(text)) {
            return ClientAuthentication.BASIC;
        }
        try {
            return ClientAuthentication.valueOf(text.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException other) {
            violations.add(new Violation(PREFIX + "client-authentication", text, "must be basic or post"));
            return ClientAuthentication.BASIC;
        }
    }

    private static String principal(ProducerInstance instance) {
        return instance.isDefault() ? "producer" : "producer-" + instance.name();
    }

    private static Duration orElse(@Nullable Duration set, Duration other) {
        return set == null ? other : set;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text.trim();
    }
}
