package dev.millrace.autoconfigure;

import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;

/**
 * Fetches tokens with the client's own credentials (RFC 6749, 4.4). JSON is read by the library the application has, if there
 * is one that Boot knows. Messages have the error code of the endpoint, but nothing else of its answers.
 */
final class ClientCredentialsTokens implements TokenSupplier {

    /** RFC 6749, 5.2; what is longer is no code. */
    private static final Pattern ERROR_CODE = Pattern.compile("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]{1,64}");

    private static final int OK = 200;

    private final TokenEndpoint endpoint;
    private final @Nullable TlsSource tls;
    private final Map<String, String> extensions;
    private final Clock clock;

    /**
     * Of an endpoint.
     *
     * @param tls what it is reached with, null for what the JVM trusts
     * @param extensions what brokers get with each token
     */
    ClientCredentialsTokens(
            TokenEndpoint endpoint, @Nullable TlsSource tls, Map<String, String> extensions, Clock clock) {
        this.endpoint = endpoint;
        this.tls = tls;
        this.extensions = extensions;
        this.clock = clock;
    }

    @Override
    public Token get() throws Exception {
        Instant asked = clock.instant();
        HttpResponse<byte[]> answer = ask();
        Map<String, Object> body = parse(new String(answer.body(), StandardCharsets.UTF_8));
        if (answer.statusCode() != OK) {
            throw refused(answer.statusCode(), body.get("error"));
        }
        return token(body, asked).with(extensions);
    }

    /** With a client for each token: they are rare, and what it trusts may have changed. */
    private HttpResponse<byte[]> ask() throws Exception {
        HttpClient.Builder client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(endpoint.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER); // a secret goes nowhere else
        if (tls != null) {
            client.sslContext(tls.load().context());
        }
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.build().sendAsync(endpoint.request(), HttpResponse.BodyHandlers.ofByteArray());
        long limitMillis =
                endpoint.connectTimeout().plus(endpoint.readTimeout()).toMillis();
        try {
            return answer.get(limitMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLate) {
            throw new IOException(
                    "the token endpoint " + endpoint + " did not answer within " + limitMillis + " ms", tooLate);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("the token endpoint " + endpoint + " cannot be asked: " + cause, cause);
        } finally {
            answer.cancel(true);
        }
    }

    private Map<String, Object> parse(String json) {
        try {
            return JsonParserFactory.getJsonParser().parseMap(json);
        } catch (JsonParseException | IllegalStateException noJson) {
            return Map.of(); // an error page; its status tells, and its text may have anything in it
        }
    }

    private IOException refused(int status, @Nullable Object error) {
        String code = error instanceof String text && ERROR_CODE.matcher(text).matches() ? text : "none";
        String remedy =
                switch (code) {
                    case "invalid_client", "unauthorized_client" ->
                        "; check the client id, the secret and how they are sent (" + OAuthTokens.PREFIX
                                + "client-authentication)";
                    case "invalid_scope" -> "; check " + OAuthTokens.PREFIX + "scope";
                    default -> "";
                };
        return new IOException(
                "the token endpoint " + endpoint + " gave no token: status=" + status + " error=" + code + remedy);
    }

    private Token token(Map<String, Object> body, Instant asked) throws IOException {
        if (!(body.get("access_token") instanceof String value)) {
            throw new IOException("the answer of the token endpoint " + endpoint + " has no access_token");
        }
        Object type = body.get("token_type");
        if (type != null && !"bearer".equalsIgnoreCase(type.toString())) {
            throw new IOException("the token endpoint " + endpoint + " gave a token that is no bearer token");
        }
        Long lifetimeSeconds = seconds(body.get("expires_in"));
        try {
            return lifetimeSeconds == null
                    ? Token.withoutEnd(value)
                    : Token.of(value, asked.plusSeconds(lifetimeSeconds));
        } catch (IllegalArgumentException malformed) {
            throw new IOException(
                    "the token endpoint " + endpoint + " gave what cannot be a token: " + malformed.getMessage(),
                    malformed);
        }
    }

    /** Null if the endpoint does not say, or not in a number. */
    private static @Nullable Long seconds(@Nullable Object expiresIn) {
        try {
            return expiresIn == null ? null : (Long) (long) Double.parseDouble(expiresIn.toString());
        } catch (NumberFormatException other) {
            return null;
        }
    }

    @Override
    public String name() {
        return "token endpoint " + endpoint;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return name();
    }
}
