package dev.millrace.producer.internal.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateRequest;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateResponse;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeRequest;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.security.authenticator.CredentialCache;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.apache.kafka.common.security.scram.internals.ScramServerCallbackHandler;
import org.apache.kafka.common.security.token.delegation.internals.DelegationTokenCache;
import org.jspecify.annotations.Nullable;

/**
 * What the listeners of {@link SimulatedBroker}s want to know of their clients, and for how long they believe it. Whoever
 * sends something else before or while it authenticates, or after its session, loses the connection, as with a real broker;
 * {@link #violations()} has what clients must never do. SCRAM is the reference's own server.
 *
 * <pre>
 * SimulatedSasl sasl = new SimulatedSasl(loop, "PLAIN").user("me", "secret").sessions(Duration.ofSeconds(2));
 * cluster.brokers().forEach(broker -&gt; broker.authenticates(sasl));
 * </pre>
 */
public final class SimulatedSasl {

    private static final Duration LEAST_BETWEEN = Duration.ofSeconds(1);
    private static final String INVALID = "Authentication failed: Invalid username or password";

    private final SimulatedEventLoop loop;
    private final List<String> mechanisms;
    private final Map<String, String> users = new HashMap<>();
    private final Set<String> tokens = new HashSet<>();
    private final Map<Object, Session> sessions = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Duration> attempts = new ArrayList<>();
    private Duration lifetime = Duration.ZERO;
    private Duration delay = Duration.ZERO;
    private int successes;
    private int renewals;
    private int expiries;
    private @Nullable Function<SaslAuthenticateRequest, @Nullable SaslAuthenticateResponse> script;

    /** Listeners that offer these mechanisms. */
    public SimulatedSasl(SimulatedEventLoop loop, String... mechanisms) {
        this.loop = loop;
        this.mechanisms = List.of(mechanisms);
    }

    private static final class Session {
        @Nullable String mechanism; // while it authenticates

        @Nullable SaslServer server;

        @Nullable String objectionTo;

        @Nullable String principal;

        Duration since = Duration.ZERO;

        Duration end = Duration.ZERO; // zero for none
    }

    /** There is a user with this password, whatever it was before. */
    public SimulatedSasl user(String name, String password) {
        users.put(name, password);
        return this;
    }

    /** This token is taken. */
    public SimulatedSasl token(String value) {
        tokens.add(value);
        return this;
    }

    /** No token is taken any more. */
    public void revokeTokens() {
        tokens.clear();
    }

    /** From now on sessions end after this long; zero for never. */
    public SimulatedSasl sessions(Duration length) {
        lifetime = length;
        return this;
    }

    /** From now on answers take this long. */
    public SimulatedSasl answersAfter(Duration time) {
        delay = time;
        return this;
    }

    /** From now on tokens are answered like this; null means as usual. */
    public void onToken(@Nullable Function<SaslAuthenticateRequest, @Nullable SaslAuthenticateResponse> answer) {
        script = answer;
    }

    /** What clients did that they must not do. */
    public List<String> violations() {
        return violations;
    }

    /** When authentications began, refused ones included. */
    public List<Duration> attempts() {
        return attempts;
    }

    /** How often a client was believed. */
    public int successes() {
        return successes;
    }

    /** How often of that on a connection that was in use already. */
    public int renewals() {
        return renewals;
    }

    /** How many connections were closed because a request came after the end of the session. */
    public int expiries() {
        return expiries;
    }

    /** Whether the broker looks at the request; the rest is done here. */
    boolean admits(SimulatedRequest request) {
        Session session = sessions.computeIfAbsent(request.connection(), any -> new Session());
        if (request.apiKey() == ApiKey.SASL_HANDSHAKE) {
            handshake(session, request);
            return false;
        }
        if (request.apiKey() == ApiKey.SASL_AUTHENTICATE) {
            authenticate(session, request);
            return false;
        }
        boolean isNegotiation = request.apiKey() == ApiKey.API_VERSIONS && session.principal == null;
        if (isNegotiation) {
            if (request.version() != 0) {
                violations.add("asks for versions with v" + request.version() + " before authenticating");
            }
            return true;
        }
        if (session.principal == null || session.mechanism != null) {
            violations.add(request + " while " + (session.principal == null ? "unknown" : "authenticating anew"));
            request.closeConnection();
            return false;
        }
        if (!session.end.isZero() && loop.elapsed().compareTo(session.end) >= 0) {
            expiries++;
            request.closeConnection();
            return false;
        }
        return true;
    }

    private void handshake(Session session, SimulatedRequest request) {
        String mechanism = request.body(SaslHandshakeRequest::read).mechanism();
        ErrorCode error = mechanisms.contains(mechanism) ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_SASL_MECHANISM;
        boolean isTooEarly =
                session.principal != null && loop.elapsed().minus(session.since).compareTo(LEAST_BETWEEN) < 0;
        if (isTooEarly || request.version() != 1) {
            violations.add(request + " too early, or in an old version");
            error = ErrorCode.ILLEGAL_SASL_STATE;
        }
        attempts.add(loop.elapsed());
        session.mechanism = mechanism;
        session.server = null;
        session.objectionTo = null;
        SaslHandshakeResponse response = new SaslHandshakeResponse(error, mechanisms);
        boolean closes = error != ErrorCode.NONE;
        request.after(delay, each -> {
            each.answerWith(out -> response.write(out, each.version()));
            if (closes) {
                each.closeConnection();
            }
        });
    }

    private void authenticate(Session session, SimulatedRequest request) {
        SaslAuthenticateRequest body = request.body(SaslAuthenticateRequest::read);
        if (session.mechanism == null) {
            violations.add(request + " without a handshake");
            request.closeConnection();
            return;
        }
        SaslAuthenticateResponse scripted = script == null ? null : script.apply(body);
        SaslAuthenticateResponse response = scripted != null ? scripted : judge(session, body.token());
        request.after(delay, each -> {
            each.answerWith(out -> response.write(out, each.version()));
            if (response.error() != ErrorCode.NONE) {
                each.closeConnection();
            }
        });
    }

    private SaslAuthenticateResponse judge(Session session, byte[] token) {
        String mechanism = String.valueOf(session.mechanism);
        try {
            if (mechanism.equals("PLAIN")) {
                String[] parts = new String(token, UTF_8).split("\0", -1);
                return parts[2].equals(users.get(parts[1]))
                        ? success(session, parts[1], new byte[0])
                        : refusal(INVALID);
            }
            return mechanism.equals("OAUTHBEARER")
                    ? judgeBearer(session, token)
                    : judgeScram(session, mechanism, token);
        } catch (Exception e) { // what a real broker says then
            return refusal(INVALID + " (" + mechanism + ")");
        }
    }

    private SaslAuthenticateResponse judgeBearer(Session session, byte[] token) {
        if (session.objectionTo != null) {
            return refusal("{\"status\":\"invalid_token\"}");
        }
        String value = new String(token, UTF_8).replaceAll("(?s).*auth=Bearer ([^\u0001]*)\u0001.*", "$1");
        if (tokens.contains(value)) {
            return success(session, "bearer", new byte[0]);
        }
        session.objectionTo = value;
        return new SaslAuthenticateResponse(ErrorCode.NONE, null, "{\"status\":\"invalid_token\"}".getBytes(UTF_8), 0);
    }

    private SaslAuthenticateResponse judgeScram(Session session, String mechanism, byte[] token) throws Exception {
        SaslServer server = session.server == null ? scramServer(mechanism) : session.server;
        session.server = server;
        byte[] answer = server.evaluateResponse(token);
        return server.isComplete()
                ? success(session, server.getAuthorizationID(), answer)
                : new SaslAuthenticateResponse(ErrorCode.NONE, null, answer, 0);
    }

    private SaslServer scramServer(String name) throws Exception {
        ScramMechanism mechanism = ScramMechanism.forMechanismName(name);
        CredentialCache cache = new CredentialCache();
        ScramCredentialUtils.createCache(cache, List.of(name));
        for (Map.Entry<String, String> user : users.entrySet()) {
            ScramCredential credential = new ScramFormatter(mechanism).generateCredential(user.getValue(), 4096);
            cache.cache(name, ScramCredential.class).put(user.getKey(), credential);
        }
        if (mechanism == null) {
            throw new SaslException("unknown " + name);
        }
        return new ScramSaslServer(
                mechanism,
                Map.of(),
                new ScramServerCallbackHandler(
                        cache.cache(name, ScramCredential.class), new DelegationTokenCache(List.of(name))));
    }

    private SaslAuthenticateResponse success(Session session, String principal, byte[] answer) {
        if (session.principal != null && !session.principal.equals(principal)) {
            return refusal("Cannot change principals during re-authentication");
        }
        successes++;
        renewals += session.principal == null ? 0 : 1;
        session.principal = principal;
        session.mechanism = null;
        session.since = loop.elapsed();
        session.end = lifetime.isZero() ? Duration.ZERO : loop.elapsed().plus(lifetime);
        return new SaslAuthenticateResponse(ErrorCode.NONE, null, answer, lifetime.toMillis());
    }

    private static SaslAuthenticateResponse refusal(String message) {
        return new SaslAuthenticateResponse(ErrorCode.SASL_AUTHENTICATION_FAILED, message, new byte[0], 0);
    }
}
