package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/** Tokens of Spring Security. */
class AuthorizedClientTokensTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final DefaultListableBeanFactory beanFactory = new DefaultListableBeanFactory();
    private final Manager manager = new Manager();

    @Test
    void asksTheManagerForTheRegistration() throws Exception {
        beanFactory.registerSingleton("manager", manager);

        Token token = tokens().get();

        assertThat(token.value()).isEqualTo("token-1");
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(token.extensions()).containsEntry("pool", "a");
        assertThat(manager.asked).containsExactly("shop for producer");
    }

    @Test
    void asksForAnotherTokenIfItGetsTheSameAgain() throws Exception {
        beanFactory.registerSingleton("manager", manager);
        beanFactory.registerSingleton("service", manager.store);
        TokenSupplier tokens = tokens();

        assertThat(tokens.get().value()).isEqualTo("token-1");
        assertThat(tokens.get().value()).isEqualTo("token-2");
        assertThat(tokens.get().value()).isEqualTo("token-3");
    }

    @Test
    void tellsThatTheRegistrationNeedsAUser() {
        beanFactory.registerSingleton("manager", (OAuth2AuthorizedClientManager) request -> null);

        assertThatIllegalStateException()
                .isThrownBy(() -> tokens().get())
                .withMessageContaining("give it the grant type client_credentials");
    }

    @Test
    void tellsThatNothingIsRegistered() {
        assertThatIllegalStateException()
                .isThrownBy(() -> tokens().get())
                .withMessageContaining("spring.security.oauth2.client");
    }

    private TokenSupplier tokens() {
        return AuthorizedClientTokens.of("shop", "producer", Map.of("pool", "a"), beanFactory);
    }

    /** Keeps a token as long as nobody removes it. */
    private static final class Manager implements OAuth2AuthorizedClientManager {

        private final List<String> asked = new ArrayList<>();
        private final Store store = new Store();
        private int issued;

        @Override
        public @Nullable OAuth2AuthorizedClient authorize(OAuth2AuthorizeRequest request) {
            String principal = Objects.requireNonNull(request.getPrincipal()).getName();
            asked.add(request.getClientRegistrationId() + " for " + principal);
            OAuth2AuthorizedClient kept = store.loadAuthorizedClient("shop", principal);
            return kept != null ? kept : issue(principal);
        }

        private OAuth2AuthorizedClient issue(String principal) {
            issued++;
            OAuth2AccessToken token = new OAuth2AccessToken(
                    OAuth2AccessToken.TokenType.BEARER, "token-" + issued, NOW, NOW.plusSeconds(60));
            ClientRegistration registration = ClientRegistration.withRegistrationId("shop")
                    .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                    .clientId("shop")
                    .tokenUri("https://auth.example/token")
                    .build();
            OAuth2AuthorizedClient client = new OAuth2AuthorizedClient(registration, principal, token);
            store.clients.put(principal, client);
            return client;
        }
    }

    private static final class Store implements OAuth2AuthorizedClientService {

        private final Map<String, OAuth2AuthorizedClient> clients = new HashMap<>();

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
        }) // as its interface has it; there is one type of client
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
                String registration, String principal) {
            return (T) clients.get(principal);
        }

        @Override
        public void saveAuthorizedClient(OAuth2AuthorizedClient client, Authentication principal) {
            clients.put(principal.getName(), client);
        }

        @Override
        public void removeAuthorizedClient(String registration, String principal) {
            clients.remove(principal);
        }
    }
}
