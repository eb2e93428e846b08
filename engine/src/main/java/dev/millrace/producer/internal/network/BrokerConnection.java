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
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one node: connects when somebody asks for it, carries requests, gives way to another channel when it is
 * renewed, and comes back after failures with growing pauses. Its life is {@link ConnectionState}.
 */
@EventLoopOnly
public final class BrokerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final EventLoop loop;
    private final Transport transport;
    private final ConnectionSettings settings;
    private final ConnectionListener listener;
    private final int nodeId;
    private final BrokerAddress address;
    private final String identity;
    private final ReachabilityLog reachability;
    private final ConnectionRenewal renewal;
    private final Authentication authentication;
    private final ConnectionAttempts attempts;
    private final UnsentRequests unsent;
    private final MovableTimer setupOrBackoffTimer;

    private ConnectionState state = ConnectionState.IDLE;
    private boolean wanted; // connect as soon as the state allows it
    private @Nullable NodeChannel channel; // null while there is none
    private @Nullable Closing closing; // of that channel, null while it is to stay

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
        identity = settings.logPrefix() + " node=" + nodeId + " address=" + address;
        reachability = commons.reachability();
        renewal = commons.renewal();
        authentication = commons.authentication();
        attempts = new ConnectionAttempts(settings, random, loop.nanos());
        unsent = new UnsentRequests(loop, identity);
        setupOrBackoffTimer = new MovableTimer(loop, this::setupOrBackoffOver);
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
        return state == ConnectionState.READY && channel != null && channel.canSend();
    }

    /** Whether the broker has asked for a pause that is not over (KIP-219). */
    public boolean isThrottled() {
        RequestChannel current = requests();
        return current != null && current.isMuted();
    }

    /** How long that pause will last, nanoseconds; 0 if there is none. */
    public long throttledNanos() {
        RequestChannel current = requests();
        return current == null ? 0 : current.mutedNanos();
    }

    /** How many requests are neither answered nor failed. */
    public int inFlight() {
        return channel == null ? 0 : channel.inFlight();
    }

    private @Nullable RequestChannel requests() {
        return channel == null ? null : channel.requests();
    }

    /** How often connecting failed in a row; 0 from when the connection is ready until it is lost. */
    public int failures() {
        return attempts.failures();
    }

    /** Why the connection was last lost or could not be made, null once it is ready again. */
    public @Nullable Throwable lastFailure() {
        return attempts.lastFailure();
    }

    /** How many attempts to connect have begun; the channel in use is that of the last one. */
    int channels() {
        return attempts.begun();
    }

    /** When the last attempt to connect began; before the first one, when this object was made. */
    public long lastAttemptNanos() {
        return attempts.lastBegunNanos();
    }

    /**
     * What the broker speaks.
     *
     * @throws IllegalStateException unless {@link #isReady()}
     */
    public NegotiatedVersions versions() {
        NegotiatedVersions current = channel == null ? null : channel.versions();
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
        RequestChannel current = requests();
        if (!canSend() || current == null) {
            unsent.notSendable(this, handler::onFailure);
            return;
        }
        try {
            current.send(request, version, handler);
        } catch (RuntimeException e) {
            unsent.notEncodable(request, e, handler::onFailure);
        }
    }

    /** As {@link #send}, for a request that the broker does not answer (Produce with acks=0). */
    public void sendOneWay(ApiRequest<?> request, short version, OneWayHandler handler) {
        RequestChannel current = requests();
        if (!canSend() || current == null) {
            unsent.notSendable(this, handler::onFailure);
            return;
        }
        try {
            current.sendOneWay(request, version, handler);
        } catch (RuntimeException e) {
            unsent.notEncodable(request, e, handler::onFailure);
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
            endDrainIfAnswered();
        } else if (state.isSettingUp()) {
            replace(reason);
        } else {
            endRefusalPause(reason);
        }
    }

    /** Ends the pause after a refusal, if there is one. */
    void endRefusalPause(String reason) {
        if (state == ConnectionState.BACKING_OFF && attempts.isRefused()) {
            setupOrBackoffTimer.clear();
            becomeIdle(reason);
        }
    }

    private void endDrainIfAnswered() {
        if (state == ConnectionState.DRAINING && channel != null && channel.isQuiet()) {
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

    private void connect() {
        moveTo(ConnectionState.CONNECTING, "wanted");
        wanted = false;
        setupOrBackoffTimer.runAt(attempts.begin(loop.nanos()));
        ChannelEvents events = new ChannelEvents();
        try {
            channel = new NodeChannel(loop, transport, settings, authentication, address, identity, events);
        } catch (RuntimeException | Error failed) { // nobody else would end the attempt
            events.onClosed(new IOException("connecting to " + address + " failed: " + failed, failed));
        }
    }

    private void setupOrBackoffOver() {
        if (state == ConnectionState.CONNECTING || state == ConnectionState.AUTHENTICATING) {
            long waited = TimeUnit.NANOSECONDS.toMillis(loop.nanos() - attempts.lastBegunNanos());
            disconnect(
                    new IOException("no connection to " + address + " within " + waited + " ms (setup timeout, "
                            + Setting.CONNECTION_SETUP_TIMEOUT + "), waited for "
                            + (channel == null ? "a channel" : channel.waitsFor())),
                    ConnectionState.BACKING_OFF);
        } else if (state == ConnectionState.BACKING_OFF) {
            becomeIdle("backoff over");
        }
    }

    private void becomeIdle(String reason) {
        moveTo(ConnectionState.IDLE, reason);
        if (wanted) {
            connect();
        }
    }

    private void disconnect(Throwable cause, ConnectionState next) {
        NodeChannel current = channel;
        if (closing != null || current == null) {
            return;
        }
        closing = new Closing(cause, next);
        moveTo(ConnectionState.DISCONNECTING, String.valueOf(cause.getMessage()));
        current.close();
    }

    private void settle(Closing intent, boolean wasReady) {
        if (intent.next() == ConnectionState.BACKING_OFF) {
            long pauseNanos = attempts.failed(intent.cause());
            if (intent.cause() instanceof AuthenticationException refusal) {
                listener.onAuthenticationEnded(this, new AuthenticationSummary(wasReady, 0, refusal));
            }
            reportFailure(intent.cause(), wasReady);
            moveTo(ConnectionState.BACKING_OFF, String.valueOf(intent.cause().getMessage()));
            setupOrBackoffTimer.runAt(loop.nanos() + pauseNanos);
        } else if (intent.next() == ConnectionState.IDLE) {
            becomeIdle("channel closed");
        } else {
            moveTo(intent.next(), "channel closed");
        }
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
        }
        listener.onStateChanged(this, previous, next, reason);
        renewal.stateChanged(this, next);
    }

    /** What the current channel tells; there is never a second one before the first is closed. */
    private final class ChannelEvents implements NodeChannel.Owner {

        @Override
        public void onAuthenticating() {
            moveTo(ConnectionState.AUTHENTICATING, "channel open");
        }

        @Override
        public void onAuthenticated(AuthenticationSummary authenticated) {
            listener.onAuthenticationEnded(BrokerConnection.this, authenticated);
        }

        @Override
        public void onNegotiating(String reason) {
            moveTo(ConnectionState.NEGOTIATING, reason);
            setupOrBackoffTimer.clear();
        }

        @Override
        public void onReady() {
            attempts.succeeded();
            reachability.ready(address, loop.nanos());
            moveTo(ConnectionState.READY, "versions known");
        }

        @Override
        public void onProgress() {
            endDrainIfAnswered();
            if (canSend()) {
                listener.onWritable(BrokerConnection.this);
            }
        }

        @Override
        public void onRequestEnded(RequestSummary request) {
            listener.onRequestEnded(BrokerConnection.this, request);
        }

        @Override
        public void onIdle() {
            if (state == ConnectionState.READY) {
                disconnect(new IOException("connection to " + address + " closed: idle"), ConnectionState.IDLE);
            }
        }

        @Override
        public void onSessionEnding(String reason) {
            if (state == ConnectionState.READY) {
                renew(reason);
            }
        }

        @Override
        public void onBroken(Throwable cause) {
            disconnect(cause, ConnectionState.BACKING_OFF);
        }

        @Override
        public void onClosed(Throwable cause) {
            Closing intent = closing == null ? new Closing(cause, ConnectionState.BACKING_OFF) : closing;
            NodeChannel ended = channel;
            channel = null;
            closing = null;
            settle(intent, ended != null && ended.versions() != null);
            if (ended != null) {
                ended.failAll(intent.cause());
            }
            if (state == ConnectionState.BACKING_OFF) {
                listener.onDisconnected(BrokerConnection.this, intent.cause());
            }
        }
    }
}
