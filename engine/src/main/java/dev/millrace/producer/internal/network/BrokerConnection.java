package dev.millrace.producer.internal.network;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.security.Authentication;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.time.Backoff;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one node: connects when somebody asks for it, negotiates versions, carries requests, and comes back after
 * failures with growing pauses. Its life is {@link ConnectionState}.
 */
@EventLoopOnly
public final class BrokerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private static final long REFUSAL_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1); // after a refusal, growing to
    private static final long REFUSAL_PAUSE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30); // people have to change something
    private static final long IDLE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100); // of a connection that is in use

    private final EventLoop loop;
    private final Transport transport;
    private final ConnectionSettings settings;
    private final ConnectionListener listener;
    private final int nodeId;
    private final BrokerAddress address;
    private final Backoff reconnectBackoff;
    private final Backoff refusalBackoff;
    private final Backoff setupTimeout;
    private final String identity;
    private final ReachabilityLog reachability;
    private final ConnectionRenewal renewal;
    private final Authentication authentication;
    private final MovableTimer setupOrBackoffTimer;
    private final MovableTimer idleTimer;

    private ConnectionState state = ConnectionState.IDLE;
    private boolean wanted; // connect as soon as the state allows it
    private int failures; // in a row, since the connection was last ready
    private int channels; // attempts to connect so far
    private long lastAttemptNanos;
    private @Nullable Throwable lastFailure;

    // of the current channel; null while there is none, or it is not that far
    private Transport.@Nullable Channel channel;
    private @Nullable RequestChannel requests;
    private @Nullable ChannelAuthentication identification; // null also where no broker wants to know the client
    private @Nullable NegotiatedVersions versions;
    private @Nullable Closing closing;

    /** To one node; {@link BrokerConnections} is the place that makes them. */
    BrokerConnection(
            EventLoop loop,
            Transport transport,
            ConnectionSettings settings,
            ConnectionListener listener,
            ConnectionCommons commons,
            RandomGenerator random,
            int nodeId,
            BrokerAddress address) {
        this.loop = loop;
        this.transport = transport;
        this.settings = settings;
        this.listener = listener;
        this.nodeId = nodeId;
        this.address = address;
        reconnectBackoff = new Backoff(settings.reconnectBackoffNanos(), settings.reconnectBackoffMaxNanos(), random);
        refusalBackoff = new Backoff(
                Math.max(REFUSAL_PAUSE_NANOS, settings.reconnectBackoffNanos()),
                Math.max(REFUSAL_PAUSE_MAX_NANOS, settings.reconnectBackoffMaxNanos()),
                random);
        setupTimeout = new Backoff(settings.setupTimeoutNanos(), settings.setupTimeoutMaxNanos(), random);
        identity = settings.logPrefix() + " node=" + nodeId + " address=" + address;
        reachability = commons.reachability();
        renewal = commons.renewal();
        authentication = commons.authentication();
        setupOrBackoffTimer = new MovableTimer(loop, this::setupOrBackoffOver);
        idleTimer = new MovableTimer(loop, this::closeIfIdle);
        lastAttemptNanos = loop.nanos();
    }

    /** Why the channel is being closed, and what follows. */
    private record Closing(Throwable cause, ConnectionState next) {}

    /** The node's id; negative for an address of the bootstrap list. */
    public int nodeId() {
        return nodeId;
    }

    /** Where the node listens. */
    public BrokerAddress address() {
        return address;
    }

    /** Where in its life the connection is. */
    public ConnectionState state() {
        return state;
    }

    /** Whether the versions of the broker are known and requests may travel. */
    public boolean isReady() {
        return state == ConnectionState.READY;
    }

    /** Whether a request would be sent now: ready, not throttled, fewer requests in flight than allowed. */
    public boolean canSend() {
        assert loop.inEventLoop();
        RequestChannel current = requests;
        return state == ConnectionState.READY && current != null && current.hasRoom() && !isHeldBack();
    }

    /** Whether the client authenticates anew and other requests wait for that (KIP-368). */
    private boolean isHeldBack() {
        ChannelAuthentication current = identification;
        return current != null && current.holdsRequests();
    }

    /** Whether the broker has asked for a pause that is not over (KIP-219). */
    public boolean isThrottled() {
        RequestChannel current = requests;
        return current != null && current.isMuted();
    }

    /** How long that pause will last, nanoseconds; 0 if there is none. */
    public long throttledNanos() {
        RequestChannel current = requests;
        return current == null ? 0 : current.mutedNanos();
    }

    /** How many requests are neither answered nor failed. */
    public int inFlight() {
        RequestChannel current = requests;
        return current == null ? 0 : current.inFlight();
    }

    /** How often connecting failed in a row; 0 from when the connection is ready until it is lost. */
    public int failures() {
        return failures;
    }

    /** Why the connection was last lost or could not be made, null once it is ready again. */
    public @Nullable Throwable lastFailure() {
        return lastFailure;
    }

    /** How many attempts to connect have begun; the channel in use is that of the last one. */
    int channels() {
        return channels;
    }

    /** When the last attempt to connect began; before the first one, when this object was made. */
    public long lastAttemptNanos() {
        return lastAttemptNanos;
    }

    /**
     * What the broker speaks.
     *
     * @throws IllegalStateException unless {@link #isReady()}
     */
    public NegotiatedVersions versions() {
        NegotiatedVersions current = versions;
        if (state != ConnectionState.READY || current == null) {
            throw new IllegalStateException("versions are known only while ready: node=" + nodeId + " state=" + state);
        }
        return current;
    }

    /**
     * The version to use for a call to this node.
     *
     * @throws IllegalStateException unless {@link #isReady()}
     * @throws UnsupportedApiException if there is no common version
     */
    public short version(ApiKey apiKey) {
        return versions().choose(apiKey);
    }

    /** Sees to it that the connection becomes ready if it can; without effect once it is closed. */
    public void ensureConnected() {
        assert loop.inEventLoop();
        wanted = true;
        if (state == ConnectionState.IDLE) {
            connect();
        }
    }

    /**
     * Sends a request. Its buffers are borrowed until the handler is called: neither a disconnect nor a timeout is
     * reported before the transport has let go of them. If {@link #canSend()} is false, or the request cannot be encoded,
     * the handler hears NOT_SENT.
     */
    public <R> void send(ApiRequest<R> request, short version, ResponseHandler<R> handler) {
        RequestChannel current = requests;
        if (!canSend() || current == null) {
            refuse(handler::onFailure, notSendable());
            return;
        }
        try {
            current.send(request, version, handler);
        } catch (RuntimeException e) {
            refuse(handler::onFailure, notEncodable(request, e));
        }
    }

    /** As {@link #send}, for a request that the broker does not answer (Produce with acks=0). */
    public void sendOneWay(ApiRequest<?> request, short version, OneWayHandler handler) {
        RequestChannel current = requests;
        if (!canSend() || current == null) {
            refuse(handler::onFailure, notSendable());
            return;
        }
        try {
            current.sendOneWay(request, version, handler);
        } catch (RuntimeException e) {
            refuse(handler::onFailure, notEncodable(request, e));
        }
    }

    /**
     * Gives way to a new channel, as what this one was made with has changed. One that is ready is drained: it takes no
     * more requests, waits for the answers to those in flight, at most for the request timeout, closes and connects again.
     * One that is being set up begins anew, and a pause after a refusal ends. Otherwise without effect.
     *
     * @param reason what has changed, for logs
     */
    public void renew(String reason) {
        assert loop.inEventLoop();
        if (state == ConnectionState.READY) {
            moveTo(ConnectionState.DRAINING, reason);
            idleTimer.clear();
            endDrainIfAnswered();
        } else if (state.isSettingUp()) {
            replace(reason);
        } else {
            endRefusalPause(reason);
        }
    }

    /** Ends the pause after a refusal, if there is one. */
    void endRefusalPause(String reason) {
        if (state == ConnectionState.BACKING_OFF && lastFailure instanceof AuthenticationException) {
            setupOrBackoffTimer.clear();
            becomeIdle(reason);
        }
    }

    private void endDrainIfAnswered() {
        RequestChannel current = requests;
        if (state == ConnectionState.DRAINING && current != null && current.inFlight() == 0 && !current.isMuted()) {
            replace("drained");
        }
    }

    private void replace(String reason) {
        wanted = true;
        disconnect(new IOException("connection to " + address + " closed: " + reason), ConnectionState.IDLE);
    }

    /** Closes for good. Requests in flight fail as disconnected once the transport has let go of their buffers. */
    public void close(String reason) {
        assert loop.inEventLoop();
        if (state == ConnectionState.CLOSED) {
            return;
        }
        wanted = false;
        Closing current = closing;
        if (current != null) {
            closing = new Closing(current.cause(), ConnectionState.CLOSED);
        } else if (channel != null) {
            disconnect(new IOException("connection to " + address + " closed: " + reason), ConnectionState.CLOSED);
        } else {
            moveTo(ConnectionState.CLOSED, reason);
        }
    }

    private RequestFailure notSendable() {
        String detail = "connection cannot take a request: node=" + nodeId + " address=" + address + " state=" + state
                + " inFlight=" + inFlight();
        return new RequestFailure(RequestFailure.Kind.NOT_SENT, detail, lastFailure, false);
    }

    private RequestFailure notEncodable(ApiRequest<?> request, RuntimeException cause) {
        String detail = "request cannot be encoded: api=" + request.apiKey() + " cause=" + cause.getMessage();
        return new RequestFailure(RequestFailure.Kind.NOT_SENT, detail, cause, false);
    }

    private void refuse(FailureSink handler, RequestFailure failure) {
        loop.execute(() -> {
            try {
                handler.accept(failure);
            } catch (RuntimeException e) {
                LOG.error("{} response handler failed: failure={}", identity, failure, e);
            }
        });
    }

    @FunctionalInterface
    private interface FailureSink {
        void accept(RequestFailure failure);
    }

    private void connect() {
        moveTo(ConnectionState.CONNECTING, "wanted");
        wanted = false;
        channels++;
        lastAttemptNanos = loop.nanos();
        setupOrBackoffTimer.runAt(lastAttemptNanos + setupTimeout.nextNanos(failures + 1));
        try {
            channel = transport.connect(address, new ChannelEvents());
        } catch (RuntimeException | Error failed) { // nobody else would end the attempt
            closed(new IOException("connecting to " + address + " failed: " + failed, failed));
        }
    }

    private void setupOrBackoffOver() {
        if (state == ConnectionState.CONNECTING || state == ConnectionState.AUTHENTICATING) {
            long waited = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - lastAttemptNanos);
            disconnect(
                    new IOException("no connection to " + address + " within " + waited + " ms (setup timeout, "
                            + Setting.CONNECTION_SETUP_TIMEOUT + "), waited for " + awaited()),
                    ConnectionState.BACKING_OFF);
        } else if (state == ConnectionState.BACKING_OFF) {
            becomeIdle("backoff over");
        }
    }

    private String awaited() {
        ChannelAuthentication current = identification;
        if (current != null) {
            return current.waitsFor();
        }
        Transport.Channel opening = channel;
        return opening == null ? "a channel" : opening.waitsFor();
    }

    private void becomeIdle(String reason) {
        moveTo(ConnectionState.IDLE, reason);
        if (wanted) {
            connect();
        }
    }

    private void negotiate(RequestChannel current, short version) {
        current.send(VersionNegotiation.request(), version, new ResponseHandler<ApiVersionsResponse>() {
            @Override
            public void onResponse(ApiVersionsResponse response) {
                negotiated(current, response, version);
            }

            @Override
            public void onFailure(RequestFailure failure) {
                LOG.debug("{} negotiation failed: {}", identity, failure.detail()); // onClosed does the rest
            }
        });
    }

    private void negotiated(RequestChannel current, ApiVersionsResponse response, short version) {
        switch (VersionNegotiation.judge(response, version)) {
            case DONE -> becomeReady(response);
            case ASK_AGAIN -> negotiate(current, VersionNegotiation.nextVersion(response, version));
            case REFUSED ->
                disconnect(
                        new IOException("broker at " + address + " refuses to negotiate versions: error="
                                + response.error() + " version=" + version),
                        ConnectionState.BACKING_OFF);
        }
    }

    private void becomeReady(ApiVersionsResponse response) {
        moveTo(ConnectionState.READY, "versions known");
        versions = NegotiatedVersions.of(response);
        reachability.ready(address, loop.nanos());
        failures = 0;
        lastFailure = null;
        if (settings.maxIdleNanos() >= 0) {
            idleTimer.runAt(loop.nanos() + settings.maxIdleNanos());
        }
    }

    private void closeIfIdle() {
        RequestChannel current = requests;
        if (state != ConnectionState.READY || current == null) {
            return;
        }
        long now = loop.nanos();
        long idleFromNanos = current.inFlight() > 0 ? now : current.lastUseNanos();
        if (current.inFlight() > 0 || now - idleFromNanos < settings.maxIdleNanos()) {
            idleTimer.runAt(idleFromNanos + Math.max(settings.maxIdleNanos(), IDLE_LOOK_NANOS));
            return;
        }
        disconnect(new IOException("connection to " + address + " closed: idle"), ConnectionState.IDLE);
    }

    private void disconnect(Throwable cause, ConnectionState next) {
        Transport.Channel current = channel;
        if (closing != null || current == null) {
            return;
        }
        closing = new Closing(cause, next);
        moveTo(ConnectionState.DISCONNECTING, String.valueOf(cause.getMessage()));
        current.close();
    }

    private void closed(Throwable transportCause) {
        Closing intent =
                closing == null ? new Closing(explained(transportCause), ConnectionState.BACKING_OFF) : closing;
        boolean wasReady = versions != null;
        RequestChannel ended = requests;
        if (identification != null) {
            identification.end();
        }
        channel = null;
        requests = null;
        identification = null;
        versions = null;
        closing = null;
        idleTimer.clear();
        settle(intent, wasReady);
        if (ended != null) {
            ended.failAll(intent.cause());
        }
        if (state == ConnectionState.BACKING_OFF) {
            listener.onDisconnected(this, intent.cause());
        }
    }

    /** A broker that is asked in a way it does not expect closes the connection without a word. */
    private Throwable explained(Throwable cause) {
        return state == ConnectionState.AUTHENTICATING
                ? new IOException(
                        cause.getMessage() + " during authentication (a firewall, or another security protocol?)",
                        cause)
                : cause;
    }

    private void settle(Closing intent, boolean wasReady) {
        if (intent.next() == ConnectionState.BACKING_OFF) {
            failures++;
            lastFailure = intent.cause();
            if (intent.cause() instanceof AuthenticationException refusal) {
                tell(new AuthenticationSummary(wasReady, 0, refusal));
            }
            reportFailure(intent.cause(), wasReady);
            moveTo(ConnectionState.BACKING_OFF, String.valueOf(intent.cause().getMessage()));
            Backoff backoff = intent.cause() instanceof AuthenticationException ? refusalBackoff : reconnectBackoff;
            setupOrBackoffTimer.runAt(loop.nanos() + backoff.nextNanos(failures));
        } else if (intent.next() == ConnectionState.IDLE) {
            becomeIdle("channel closed");
        } else {
            moveTo(intent.next(), "channel closed");
        }
    }

    private void tell(AuthenticationSummary ended) {
        listener.onAuthenticationEnded(this, ended);
    }

    private void reportFailure(Throwable cause, boolean wasReady) {
        if (wasReady) {
            reachability.lost(address, cause, loop.nanos());
        } else {
            reachability.failed(address, cause, loop.nanos());
        }
    }

    private void moveTo(ConnectionState next, String reason) {
        if (!state.canBecome(next)) {
            throw new IllegalStateException(
                    "illegal move: " + identity + " from=" + state + " to=" + next + " reason=" + reason);
        }
        LOG.debug("{} {} -> {}: {}", identity, state, next, reason);
        ConnectionState previous = state;
        state = next;
        if (next == ConnectionState.CLOSED) {
            setupOrBackoffTimer.cancel();
            idleTimer.cancel();
        }
        listener.onStateChanged(this, previous, next, reason);
        renewal.stateChanged(this, next);
    }

    /** What the transport tells of the current channel; there is never a second one before the first is closed. */
    private final class ChannelEvents
            implements Transport.ChannelListener, RequestChannel.Owner, ChannelAuthentication.Owner {

        @Override
        public void onOpen() {
            Transport.Channel open = channel;
            if (state != ConnectionState.CONNECTING || open == null) {
                return; // opened too late
            }
            RequestChannel current = new RequestChannel(loop, settings, address, open, this);
            requests = current;
            if (authentication.isRequired()) {
                moveTo(ConnectionState.AUTHENTICATING, "channel open");
                ChannelAuthentication begun =
                        new ChannelAuthentication(loop, authentication, current, address, identity, this);
                identification = begun;
                begun.begin();
            } else {
                beginNegotiation(current, "channel open");
            }
        }

        private void beginNegotiation(RequestChannel current, String reason) {
            if (authentication.isRequired() || transport.isEncrypted()) {
                tell(AuthenticationSummary.first(loop.nanos() - lastAttemptNanos));
            }
            moveTo(ConnectionState.NEGOTIATING, reason);
            setupOrBackoffTimer.clear();
            negotiate(current, VersionNegotiation.FIRST_VERSION);
        }

        @Override
        public void onAuthenticated() {
            RequestChannel current = requests;
            if (state == ConnectionState.AUTHENTICATING && current != null) {
                beginNegotiation(current, "authenticated");
            }
        }

        @Override
        public void onRefused(AuthenticationException cause) {
            disconnect(cause, ConnectionState.BACKING_OFF);
        }

        @Override
        public void onRenewed(long nanos) {
            tell(AuthenticationSummary.renewed(nanos));
            onProgress();
        }

        @Override
        public void onSessionEnding(String reason) {
            if (state == ConnectionState.READY) {
                renew(reason);
            }
        }

        @Override
        public void onFrame(ByteBuffer frame) {
            RequestChannel current = requests;
            if (current != null && state != ConnectionState.DISCONNECTING) {
                current.receive(frame);
            }
        }

        @Override
        public void onClosed(Throwable cause) {
            closed(cause);
        }

        @Override
        public void onRequestEnded(RequestSummary request) {
            listener.onRequestEnded(BrokerConnection.this, request);
        }

        @Override
        public void onProgress() {
            endDrainIfAnswered();
            if (canSend()) {
                listener.onWritable(BrokerConnection.this);
            }
        }

        @Override
        public void onBroken(Throwable cause) {
            disconnect(cause, ConnectionState.BACKING_OFF);
        }
    }
}
