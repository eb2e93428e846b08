package dev.millrace.devbroker.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth token server on loopback: the client-credentials grant (RFC 6749 §4.4) gives signed JWTs, and the keys that
 * verify them are at a JWKS address, where a broker gets them. Tokens may be short-lived, and it can be told to fail.
 *
 * <pre>{@code
 * try (DevTokenServer tokens = DevTokenServer.start().client("orders-service", "secret").lifetime(Duration.ofSeconds(10))) {
 *     DevCluster.builder().listener("OAUTH", DevListener.plaintext().tokens(tokens)).start();
 * }
 * }</pre>
 *
 * <p>The subject of a token is the client's id. Two threads of its own answer; all methods may be called by any thread.
 */
public final class DevTokenServer implements AutoCloseable {
    private static final String TOKEN_PATH = "/token";
    private static final String KEYS_PATH = "/jwks";
    private static final int WORKS = 200;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "dev-token-server");
        thread.setDaemon(true);
        return thread;
    });
    private final RsaJsonWebKey key;
    private final Map<String, String> clients = new ConcurrentHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Duration lifetime = Duration.ofHours(1);
    private volatile int failure = WORKS;

    private DevTokenServer(HttpServer server, RsaJsonWebKey key) {
        this.server = server;
        this.key = key;
    }

    /** Starts a server on a free port of the loopback address; it knows no client yet. */
    public static DevTokenServer start() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("dev-token-server");
            key.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
            DevTokenServer tokens = new DevTokenServer(HttpServer.create(anyPort, 0), key);
            tokens.server.createContext(TOKEN_PATH, tokens::answerToken);
            tokens.server.createContext(KEYS_PATH, tokens::answerKeys);
            tokens.server.setExecutor(tokens.workers);
            tokens.server.start();
            return tokens;
        } catch (IOException e) {
            throw new UncheckedIOException("the token server cannot listen on 127.0.0.1", e);
        } catch (JoseException e) {
            throw new IllegalStateException("the token server's key could not be made", e);
        }
    }

    /** Adds a client, or changes its secret. */
    public DevTokenServer client(String id, String secret) {
        clients.put(id, secret);
        return this;
    }

    /** How long tokens issued from now on are valid, in whole seconds; default an hour. */
    public DevTokenServer lifetime(Duration validity) {
        this.lifetime = validity;
        return this;
    }

    /** Answers every request for a token with this HTTP status from now on, for example 503. */
    public void fail(int status) {
        failure = status;
    }

    /** Ends {@link #fail}. */
    public void work() {
        failure = WORKS;
    }

    /** Where clients get tokens. */
    public URI tokenEndpoint() {
        return address(TOKEN_PATH);
    }

    /** Where brokers get the keys. */
    public URI keysEndpoint() {
        return address(KEYS_PATH);
    }

    /** The claim {@code iss} of its tokens. */
    public String issuer() {
        return address("").toString();
    }

    /** The claim {@code aud} of its tokens. */
    public String audience() {
        return "kafka";
    }

    /** Requests for tokens so far, also those that failed. */
    public int requests() {
        return requests.get();
    }

    /** A token without a request, for this subject; with a negative validity one that has expired. */
    public String issue(String subject, Duration validity) {
        NumericDate now = NumericDate.now();
        JwtClaims claims = new JwtClaims();
        claims.setSubject(subject);
        claims.setIssuer(issuer());
        claims.setAudience(audience());
        claims.setGeneratedJwtId();
        claims.setIssuedAt(now);
        claims.setExpirationTime(NumericDate.fromSeconds(now.getValue() + validity.toSeconds()));
        claims.setStringClaim("scope", "produce");
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(claims.toJson());
        token.setKey(key.getPrivateKey());
        token.setKeyIdHeaderValue(key.getKeyId());
        token.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException("the token could not be signed: subject=" + subject, e);
        }
    }

    /** Stops at once; brokers keep the keys they have. */
    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answerToken(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String client = authenticated(exchange.getRequestHeaders().getFirst("Authorization"), form);
        Duration validity = lifetime;
        if (failure != WORKS) {
            answer(exchange, failure, Map.of("error", "temporarily_unavailable"));
        } else if (!form.getOrDefault("grant_type", "").equals("client_credentials")) {
            answer(exchange, 400, Map.of("error", "unsupported_grant_type"));
        } else if (client.isEmpty()) {
            answer(exchange, 401, Map.of("error", "invalid_client"));
        } else {
            answer(
                    exchange,
                    WORKS,
                    Map.of(
                            "access_token", issue(client, validity),
                            "token_type", "Bearer",
                            "expires_in", validity.toSeconds()));
        }
    }

    private void answerKeys(HttpExchange exchange) throws IOException {
        send(exchange, WORKS, new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
    }

    /** The id of the client whose secret came in the header (RFC 6749 §2.3.1) or the form; empty if none did. */
    private String authenticated(@Nullable String header, Map<String, String> form) {
        String id = form.getOrDefault("client_id", "");
        String secret = form.getOrDefault("client_secret", "");
        if (header != null && header.startsWith("Basic ")) {
            String pair =
                    new String(Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            id = colon < 0 ? pair : pair.substring(0, colon);
            secret = colon < 0 ? "" : pair.substring(colon + 1);
        }
        if (secret.equals(clients.get(id))) {
            return id;
        }
        // The RFC has both parts of the header encoded as in a form; many clients send them as they are.
        String decodedId = decoded(id);
        return decoded(secret).equals(clients.get(decodedId)) ? decodedId : "";
    }

    private static Map<String, String> form(String body) {
        Map<String, String> values = new HashMap<>();
        for (String part : body.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                values.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return encoded;
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> content) throws IOException {
        send(exchange, status, JsonUtil.toJson(content));
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }
}
