package dev.millrace.autoconfigure;

import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/**
 * Tokens of a client registration of Spring Security. Beans are looked for at the first token, so that the producer does not
 * decide when they are made.
 */
final class AuthorizedClientTokens implements TokenSupplier {

    private final String registration;
    private final String principal;
    private final Map<String, String> extensions;
    private final ObjectProvider<OAuth2AuthorizedClientManager> managers;
    private final ObjectProvider<ClientRegistrationRepository> registrations;
    private final ObjectProvider<OAuth2AuthorizedClientService> services;
    private final AtomicReference<String> last = new AtomicReference<>("");

    private AuthorizedClientTokens(
            String registration, String principal, Map<String, String> extensions, BeanFactory beanFactory) {
        this.registration = registration;
        this.principal = principal;
        this.extensions = extensions;
        this.managers = beanFactory.getBeanProvider(OAuth2AuthorizedClientManager.class);
        this.registrations = beanFactory.getBeanProvider(ClientRegistrationRepository.class);
        this.services = beanFactory.getBeanProvider(OAuth2AuthorizedClientService.class);
    }

    static TokenSupplier of(
            String registration, String principal, Map<String, String> extensions, BeanFactory beanFactory) {
        return new AuthorizedClientTokens(registration, principal, extensions, beanFactory);
    }

    @Override
    public Token get() {
        OAuth2AccessToken token = authorize();
        OAuth2AuthorizedClientService service = services.getIfAvailable();
        if (token.getTokenValue().equals(last.get()) && service != null) {
            service.removeAuthorizedClient(registration, principal); // it would be kept until it has ended
            token = authorize();
        }
        last.set(token.getTokenValue());
        Instant expiresAt = token.getExpiresAt();
        Token bearer = expiresAt == null
                ? Token.withoutEnd(token.getTokenValue())
                : Token.of(token.getTokenValue(), expiresAt);
        return bearer.with(extensions);
    }

    private OAuth2AccessToken authorize() {
        OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId(registration)
                .principal(principal)
                .build();
        OAuth2AuthorizedClient client = manager().authorize(request);
        if (client == null) {
            throw new IllegalStateException("the client registration '" + registration
                    + "' does not get tokens without a user; give it the grant type client_credentials");
        }
        return client.getAccessToken();
    }

    /** Without a manager of the application's, one that works outside of web requests. */
    private OAuth2AuthorizedClientManager manager() {
        OAuth2AuthorizedClientManager manager = managers.getIfUnique();
        if (manager != null) {
            return manager;
        }
        ClientRegistrationRepository repository = registrations.getIfUnique();
        OAuth2AuthorizedClientService service = services.getIfUnique();
        if (repository == null || service == null) {
            throw new IllegalStateException(
                    "there is no bean of type OAuth2AuthorizedClientManager, nor what one is made of;"
                            + " is a client registered under spring.security.oauth2.client?");
        }
        return new AuthorizedClientServiceOAuth2AuthorizedClientManager(repository, service);
    }

    @Override
    public String name() {
        return "client registration '" + registration + "'";
    }

    @Override
    public String toString() {
        return name();
    }
}
