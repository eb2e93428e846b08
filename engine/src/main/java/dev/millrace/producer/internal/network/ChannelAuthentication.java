package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.security.Authentication;
import dev.millrace.producer.internal.network.security.LoggedIn;
import dev.millrace.producer.internal.network.security.SaslDialogue;
import dev.millrace.producer.internal.network.security.SaslExchange;
import dev.millrace.producer.internal.network.security.SaslProblem;
import dev.millrace.producer.internal.network.security.SaslReply;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateRequest;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateResponse;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeRequest;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeResponse;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves over one open channel who the client is, before anything else travels, and again before each session ends
 * (KIP-368). A renewal prepares while ordinary requests go on, then its own requests go behind those in flight, and further
 * ordinary ones wait until it is done. Lives as long as the channel.
 */
@EventLoopOnly
final class ChannelAuthentication {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelAuthentication.class);

    private static final short FIRST_VERSION =
            0; // of ApiVersions: a broker takes a version it does not know for a token
    private static final short HANDSHAKE_VERSION = 1; // from here on tokens travel in SaslAuthenticate

    /** A broker refuses to authenticate a client twice within a second. */
    private static final long LEAST_RENEWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(1_050);

    private static final long FIRST_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LAST_MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2); // for answers, before a session's end
    private static final int MARGIN_PART = 40;

    private final EventLoop loop;
    private final Authentication authentication;
    private final RequestChannel requests;
    private final BrokerAddress peer;
    private final String identity;
    private final Owner owner;
    private final MovableTimer renewalTimer;

    private short authenticateVersion;
    private @Nullable SaslDialogue dialogue; // null while nothing goes on
    private @Nullable LoggedIn login; // of that dialogue, null before it has one
    private boolean established; // once authenticated; from then on every dialogue is a renewal
    private boolean holding; // ordinary requests wait for the end of a renewal
    private boolean ended;
    private long begunNanos; // when the first request of the dialogue left
    private long lastSentNanos;
    private long sessionEndNanos; // while there is an end
    private int renewalFailures;

    ChannelAuthentication(
            EventLoop loop,
            Authentication authentication,
            RequestChannel requests,
            BrokerAddress peer,
            String identity,
            Owner owner) {
        this.loop = loop;
        this.authentication = authentication;
        this.requests = requests;
        this.peer = peer;
        this.identity = identity;
        this.owner = owner;
        renewalTimer = new MovableTimer(loop, this::renew);
    }

    /** Hears what the connection has to do. */
    interface Owner {

        /** The broker knows who the client is; from now on other requests may travel. */
        void onAuthenticated();

        /** The channel is of no further use. */
        void onRefused(AuthenticationException cause);

        /**
         * Ordinary requests may travel again.
         *
         * @param nanos how long they had to wait at most
         */
        void onRenewed(long nanos);

        /** The session ends soon and could not be renewed; another channel may fare better. */
        void onSessionEnding(String reason);
    }

    /** Authenticates for the first time. */
    void begin() {
        exchange(VersionNegotiation.request(), FIRST_VERSION, this::onVersions);
    }

    /** Whether ordinary requests have to wait. */
    boolean holdsRequests() {
        return holding;
    }

    /** Whether the broker knows who the client is. */
    boolean isEstablished() {
        return established;
    }

    /** What it waits for, for messages; empty if nothing. */
    String waitsFor() {
        SaslDialogue current = dialogue;
        if (established) {
            return "";
        }
        if (current == null) {
            return "the broker's versions";
        }
        return switch (current.state()) {
            case LOGGING_IN -> {
                String obstacle = authentication.obstacle();
                yield obstacle.isEmpty() ? "credentials" : "credentials (" + obstacle + ")";
            }
            case HANDSHAKING, AWAITING_BROKER -> "the broker's answer to " + authentication.mechanism();
            case EVALUATING -> "the login thread";
            case DONE, FAILED -> "";
        };
    }

    /** The channel is closed. */
    void end() {
        ended = true;
        renewalTimer.cancel();
    }

    private void onVersions(ApiVersionsResponse response) {
        try {
            if (response.error() != ErrorCode.NONE) {
                throw new IllegalStateException("error=" + response.error());
            }
            NegotiatedVersions versions = NegotiatedVersions.of(response);
            versions.chooseWithin(ApiKey.SASL_HANDSHAKE, new VersionRange(HANDSHAKE_VERSION, HANDSHAKE_VERSION));
            authenticateVersion = versions.choose(ApiKey.SASL_AUTHENTICATE);
        } catch (UnsupportedApiException | IllegalStateException e) {
            fail(SaslProblem.withoutSasl(String.valueOf(e.getMessage())));
            return;
        }
        converse();
    }

    /** Begins a dialogue. */
    private void converse() {
        SaslDialogue begun = new SaslDialogue(authentication.mechanism());
        dialogue = begun;
        login = null;
        authentication.logIn(peer.host(), new Authentication.LoginWaiter() {
            @Override
            public void onLoggedIn(LoggedIn loggedIn) {
                if (isCurrent(begun)) {
                    login = loggedIn;
                    begunNanos = loop.nanos();
                    begun.loggedIn(loggedIn.first());
                    holding = established;
                    proceed(begun);
                }
            }

            @Override
            public void onProblem(SaslProblem problem) {
                if (isCurrent(begun)) {
                    begun.fail(problem);
                    proceed(begun);
                }
            }
        });
    }

    private boolean isCurrent(SaslDialogue begun) {
        return !ended && dialogue == begun;
    }

    /** Does what the dialogue wants next. */
    private void proceed(SaslDialogue current) {
        switch (current.state()) {
            case LOGGING_IN -> {}
            case HANDSHAKING ->
                exchange(
                        new SaslHandshakeRequest(authentication.mechanism().wireName()),
                        HANDSHAKE_VERSION,
                        (SaslHandshakeResponse response) -> step(current, () -> current.onHandshake(response)));
            case AWAITING_BROKER -> sendToken(current);
            case EVALUATING -> evaluate(current, exchangeOf());
            case DONE -> done(current);
            case FAILED -> failed(current.problem());
        }
    }

    private void sendToken(SaslDialogue current) {
        lastSentNanos = loop.nanos();
        exchange(
                new SaslAuthenticateRequest(current.token()),
                authenticateVersion,
                (SaslAuthenticateResponse response) -> step(
                        current, () -> current.onAnswer(response, exchangeOf().objection())));
    }

    private SaslExchange exchangeOf() {
        LoggedIn known = login;
        if (known == null) {
            throw new IllegalStateException("a token before the login: " + identity);
        }
        return known.exchange();
    }

    private void evaluate(SaslDialogue current, SaslExchange exchange) {
        authentication.evaluate(exchange, current.token(), new Authentication.ReplyWaiter() {
            @Override
            public void onReply(SaslReply reply) {
                step(current, () -> current.evaluated(reply));
            }

            @Override
            public void onProblem(SaslProblem problem) {
                step(current, () -> current.fail(problem));
            }
        });
    }

    private void step(SaslDialogue current, Runnable event) {
        if (isCurrent(current)) {
            event.run();
            proceed(current);
        }
    }

    private <R> void exchange(ApiRequest<R> request, short version, Consumer<R> onResponse) {
        requests.send(request, version, new ResponseHandler<R>() {
            @Override
            public void onResponse(R response) {
                if (!ended) {
                    onResponse.accept(response);
                }
            }

            @Override
            public void onFailure(RequestFailure failure) {
                LOG.debug("{} authentication broken off: {}", identity, failure.detail()); // onClosed does the rest
            }
        });
    }

    private void done(SaslDialogue current) {
        boolean isFirst = !established;
        established = true;
        holding = false;
        renewalFailures = 0;
        dialogue = null;
        planRenewal(current.sessionLifetimeMillis());
        LOG.debug(
                "{} authenticated: mechanism={} first={} session={} ms",
                identity,
                authentication.mechanism(),
                isFirst,
                current.sessionLifetimeMillis());
        if (isFirst) {
            owner.onAuthenticated();
        } else {
            owner.onRenewed(loop.nanos() - begunNanos);
        }
    }

    /** The session began at the broker at the earliest when the last token left, so it is counted from there. */
    private void planRenewal(long sessionMillis) {
        if (sessionMillis == 0) {
            renewalTimer.clear();
            return;
        }
        long sessionNanos = TimeUnit.MILLISECONDS.toNanos(sessionMillis);
        sessionEndNanos = lastSentNanos + sessionNanos - Math.min(sessionNanos / MARGIN_PART, LAST_MARGIN_NANOS);
        long renewalNanos = Math.max(LEAST_RENEWAL_NANOS, authentication.renewalNanos(sessionNanos));
        renewalTimer.runAt(earlier(lastSentNanos + renewalNanos, sessionEndNanos));
    }

    private static long earlier(long one, long other) {
        return one - other <= 0 ? one : other;
    }

    private void renew() {
        if (ended) {
            return;
        }
        if (sessionEndNanos - loop.nanos() <= 0) {
            dialogue = null; // what is under way comes too late
            String obstacle = authentication.obstacle();
            owner.onSessionEnding("session over" + (obstacle.isEmpty() ? "" : " and not renewed: " + obstacle));
            return;
        }
        renewalTimer.runAt(sessionEndNanos);
        converse();
    }

    private void failed(SaslProblem problem) {
        dialogue = null;
        boolean isOverdue = sessionEndNanos - loop.nanos() <= 0;
        if (established && problem.kind() == SaslProblem.Kind.NO_CREDENTIALS && !holding && !isOverdue) {
            renewalFailures++;
            long pause = Math.min(TimeUnit.SECONDS.toNanos(10), FIRST_RETRY_NANOS << Math.min(renewalFailures, 10));
            LOG.debug("{} session not renewed yet: {}", identity, problem.getMessage());
            renewalTimer.runAt(earlier(loop.nanos() + pause, sessionEndNanos));
            return;
        }
        fail(problem);
    }

    private void fail(SaslProblem problem) {
        LoggedIn used = login;
        if (used != null && problem.kind() != SaslProblem.Kind.NO_CREDENTIALS) {
            authentication.refused(used);
        }
        String words = problem.brokerMessage();
        owner.onRefused(new SaslAuthenticationException(
                "authentication failed: " + identity + " mechanism=" + authentication.mechanism()
                        + (problem.error() == ErrorCode.NONE ? "" : " error=" + problem.error()) + " cause="
                        + problem.getMessage() + (words == null ? "" : " (" + words + ")") + "; "
                        + problem.remedy(),
                new FailureDetails(problem.error(), Stage.NONE, problem.recovery(), false),
                authentication.mechanism().wireName(),
                words,
                problem.getCause()));
    }
}
