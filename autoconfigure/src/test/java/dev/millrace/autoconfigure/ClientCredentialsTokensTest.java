package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.producer.security.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client-credentials grant against a small server. */
@Timeout(60)
class ClientCredentialsTokensTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String SECRET = "s3:cret & more";

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable HttpServer server;
    private volatile String body = "{\"access_token\":\"abc\",\"token_type\":\"Bearer\",\"expires_in\":300}";
    private volatile int status = 200;
    private volatile boolean isStuck;
    private volatile String authorization = "";
    private volatile String form = "";

    @BeforeEach
    void startServer() throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.createContext("/token", this::answer);
        started.createContext("/elsewhere", exchange -> {
            throw new IOException("nobody is to come here");
        });
        started.setExecutor(workers);
        started.start();
        server = started;
    }

    @AfterEach
    void stopServer() {
        ended.countDown();
        if (server != null) {
            server.stop(0);
        }
        workers.shutdownNow();
    }

    @Test
    void asksWithAHeader() throws Exception {
        Token token = tokens(ClientAuthentication.BASIC).get();

        assertThat(token.value()).isEqualTo("abc");
        assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
        assertThat(token.extensions()).containsEntry("logicalCluster", "lkc-1");
        String pair = new String(
                Base64.getDecoder().decode(authorization.substring("Basic ".length())), StandardCharsets.UTF_8);
        assertThat(pair).isEqualTo("shop%2F1:s3%3Acret+%26+more");
        assertThat(form).isEqualTo("grant_type=client_credentials&scope=produce+describe");
    }

    @Test
    void asksWithAForm() throws Exception {
        tokens(ClientAuthentication.POST).get();

        assertThat(authorization).isEmpty();
        assertThat(form)
                .isEqualTo("grant_type=client_credentials&scope=produce+describe&client_id=shop%2F1"
                        + "&client_secret=s3%3Acret+%26+more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"\"expires_in\":\"60\"|60", "\"expires_in\":\"soon\"|", "\"scope\":\"produce\"|"})
    void readsWhatEndpointsSayOfTheEnd(String field, @Nullable Long seconds) throws Exception {
        body = "{\"access_token\":\"abc\"," + field + "}";

        assertThat(tokens(ClientAuthentication.BASIC).get().expiresAt())
                .isEqualTo(seconds == null ? null : NOW.plusSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401|invalid_client|invalid_client; check the client id, the secret and how they are sent",
                "400|invalid_scope|invalid_scope; check app.producer.sasl.oauth.scope",
                "503|temporarily_unavailable|temporarily_unavailable"
            })
    void tellsTheErrorCodeAndNothingElseOfTheAnswer(int code, String error, String expected) {
        status = code;
        body = "{\"error\":\"" + error + "\",\"error_description\":\"you sent s3:cret\"}";

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(ClientAuthentication.BASIC).get())
                .withMessageStartingWith("the token endpoint http://")
                .withMessageContaining("/token gave no token: status=" + code + " error=" + expected)
                .satisfies(failure ->
                        assertThat(failure.toString()).doesNotContain("s3:", "you sent", "user:pass", "key="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>s3:cret</html>", "{\"error\":\"sch\u00f6n\"}", "", "[1]", "{\"error\":1}"})
    void tellsTheStatusOfOtherAnswers(String answer) {
        status = 500;
        body = answer;

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(ClientAuthentication.BASIC).get())
                .withMessageEndingWith("gave no token: status=500 error=none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|has no access_token",
                "<html>s3:cret</html>|has no access_token",
                "{\"access_token\":\"abc\",\"token_type\":\"mac\"}|gave a token that is no bearer token",
                "{\"access_token\":\"not a token\"}|gave what cannot be a token"
            })
    void refusesAnswersWithoutAToken(String answer, String expected) {
        body = answer;

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(ClientAuthentication.BASIC).get())
                .withMessageContaining(expected)
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("cret", "not a token"));
    }

    @Test
    void followsNoRedirect() {
        status = 307;

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(ClientAuthentication.POST).get())
                .withMessageContaining("status=307");
    }

    @Test
    void doesNotWaitForever() {
        isStuck = true;

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(ClientAuthentication.BASIC, Duration.ofMillis(200))
                        .get())
                .withMessageContaining("the token endpoint http://");
    }

    @Test
    void tellsThatNobodyAnswers() {
        URI closed = URI.create("http://127.0.0.1:1/token");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> tokens(closed, ClientAuthentication.BASIC, Duration.ofSeconds(5))
                        .get())
                .withMessageContaining("http://127.0.0.1:1/token cannot be asked: ");
    }

    @Test
    void showsNoSecret() {
        ClientCredentialsTokens tokens = tokens(ClientAuthentication.POST);

        assertThat(tokens.toString()).isEqualTo(tokens.name()).startsWith("token endpoint http://");
        assertThat(tokens.name()).endsWith("/token").doesNotContain("user", "key");
    }

    private ClientCredentialsTokens tokens(ClientAuthentication authentication) {
        return tokens(authentication, Duration.ofSeconds(20));
    }

    private ClientCredentialsTokens tokens(ClientAuthentication authentication, Duration timeout) {
        int port = server == null ? 0 : server.getAddress().getPort();
        return tokens(URI.create("http://user:pass@127.0.0.1:" + port + "/token?key=1"), authentication, timeout);
    }

    private static ClientCredentialsTokens tokens(URI uri, ClientAuthentication authentication, Duration timeout) {
        return new ClientCredentialsTokens(
                new TokenEndpoint(
                        uri, "shop/1", SECRET, authentication, List.of("produce", " describe ", ""), timeout, timeout),
                null,
                Map.of("logicalCluster", "lkc-1"),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        authorization = header == null ? "" : header;
        form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (isStuck) {
            awaitEnd();
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
