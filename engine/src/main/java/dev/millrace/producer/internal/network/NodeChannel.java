package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.security.Authentication;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel to a node, from the attempt to open it until it is closed: authenticates where that is wanted, negotiates
 * versions, then carries requests. Once {@link #close} was called nothing is told but the end.
 */
@EventLoopOnly
final class NodeChannel implements Transport.ChannelListener, RequestChannel.Owner, ChannelAuthentication.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Authentication authentication;
    private final BrokerAddress address;
    private final String identity;
    private final Owner owner;
    private final boolean isEncrypted;
    private final long begunNanos;
    private final Transport.Channel channel;

    private boolean closing;
    private @Nullable RequestChannel requests; // null until it is open
    private @Nullable ChannelAuthentication identification; // null also where no broker wants to know the client
    private @Nullable NegotiatedVersions versions; // null until they are known
    private @Nullable IdleWatch idleness; // null likewise

    /** Hears how the channel fares, in the order of the methods. */
    interface Owner {

        /** It is open, and the client proves who it is. */
        void onAuthenticating();

        /** The client has authenticated, for the first time or again. */
        void onAuthenticated(AuthenticationSummary authenticated);

        /** The broker is asked for its versions. */
        void onNegotiating(String reason);

        /** Requests may travel. */
        void onReady();

        /** {@link NodeChannel#canSend} may have become true, or a request in flight is over. */
        void onProgress();

        /** A request has been answered or has failed; its handler runs next. */
        void onRequestEnded(RequestSummary request);

        /** Nobody has used it for a while. */
        void onIdle();

        /** The session ends soon; another channel may fare better. */
        void onSessionEnding(String reason);

        /** It is of no further use and has to be closed. */
        void onBroken(Throwable cause);

        /** It is closed. The last event. */
        void onClosed(Throwable cause);
    }

    /**
     * Begins to open it.
     *
     * @param identity of the connection, for logs
     * @throws RuntimeException if the transport does; nothing is told then
     */
    NodeChannel(
            EventLoop loop,
            Transport transport,
            ConnectionSettings settings,
            Authentication authentication,
            BrokerAddress address,
            String identity,
            Owner owner) {
        this.loop = loop;
        this.settings = settings;
        this.authentication = authentication;
        this.address = address;
        this.identity = identity;
        this.owner = owner;
        this.isEncrypted = transport.isEncrypted();
        this.begunNanos = loop.nanos();
        this.channel = transport.connect(address, this);
    }

    /** Whether a request would be sent now. */
    boolean canSend() {
        RequestChannel current = requests;
        return versions != null && !closing && current != null && current.hasRoom() && !isHeldBack();
    }

    /** Whether the client authenticates anew and other requests wait for that (KIP-368). */
    private boolean isHeldBack() {
        return identification != null && identification.holdsRequests();
    }

    /** What the broker speaks, null until it is known. */
    @Nullable NegotiatedVersions versions() {
        return versions;
    }

    /** The requests, null until it is open. */
    @Nullable RequestChannel requests() {
        return requests;
    }

    int inFlight() {
        return requests == null ? 0 : requests.inFlight();
    }

    /** Whether no request is in flight and the broker has asked for no pause. */
    boolean isQuiet() {
        return requests != null && requests.inFlight() == 0 && !requests.isMuted();
    }

    /** What has to happen before it can be used, for messages. */
    String waitsFor() {
        return identification == null ? channel.waitsFor() : identification.waitsFor();
    }

    /** Closes it; {@link Owner#onClosed} follows. */
    void close() {
        closing = true;
        channel.close();
    }

    /** Fails what is in flight, after the end. */
    void failAll(Throwable cause) {
        if (requests != null) {
            requests.failAll(cause);
        }
    }

    // what the transport tells

    @Override
    public void onOpen() {
        if (closing) {
            return; // opened too late
        }
        RequestChannel opened = new RequestChannel(loop, settings, address, channel, this);
        requests = opened;
        if (authentication.isRequired()) {
            owner.onAuthenticating();
            identification = new ChannelAuthentication(loop, authentication, opened, address, identity, this);
            identification.begin();
        } else {
            if (isEncrypted) {
                owner.onAuthenticated(AuthenticationSummary.first(loop.nanos() - begunNanos));
            }
            beginNegotiation(opened, "channel open");
        }
    }

    @Override
    public void onFrame(ByteBuffer frame) {
        RequestChannel current = requests;
        if (current != null && !closing) {
            current.receive(frame);
        }
    }

    @Override
    public void onClosed(Throwable cause) {
        boolean isAuthenticating = identification != null && !identification.isEstablished();
        if (identification != null) {
            identification.end();
        }
        if (idleness != null) {
            idleness.end();
        }
        owner.onClosed(isAuthenticating && !(cause instanceof AuthenticationException) ? unexplained(cause) : cause);
    }

    /** A broker that is asked in a way it does not expect closes the connection without a word. */
    private static Throwable unexplained(Throwable cause) {
        return new IOException(
                cause.getMessage() + " during authentication (a firewall, or another security protocol?)", cause);
    }

    // negotiation

    private void beginNegotiation(RequestChannel current, String reason) {
        owner.onNegotiating(reason);
        negotiate(current, VersionNegotiation.FIRST_VERSION);
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
            case DONE -> {
                versions = NegotiatedVersions.of(response);
                idleness = new IdleWatch(loop, settings.maxIdleNanos(), current, owner::onIdle);
                owner.onReady();
            }
            case ASK_AGAIN -> negotiate(current, VersionNegotiation.nextVersion(response, version));
            case REFUSED ->
                owner.onBroken(new IOException("broker at " + address + " refuses to negotiate versions: error="
                        + response.error() + " version=" + version));
        }
    }

    // what requests and authentication tell

    @Override
    public void onAuthenticated() {
        RequestChannel current = requests;
        if (!closing && current != null) {
            owner.onAuthenticated(AuthenticationSummary.first(loop.nanos() - begunNanos));
            beginNegotiation(current, "authenticated");
        }
    }

    @Override
    public void onRefused(AuthenticationException cause) {
        owner.onBroken(cause);
    }

    @Override
    public void onRenewed(long nanos) {
        owner.onAuthenticated(AuthenticationSummary.renewed(nanos));
        owner.onProgress();
    }

    @Override
    public void onSessionEnding(String reason) {
        owner.onSessionEnding(reason);
    }

    @Override
    public void onProgress() {
        owner.onProgress();
    }

    @Override
    public void onRequestEnded(RequestSummary request) {
        owner.onRequestEnded(request);
    }

    @Override
    public void onBroken(Throwable cause) {
        owner.onBroken(cause);
    }
}
