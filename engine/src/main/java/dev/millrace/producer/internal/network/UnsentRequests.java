package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiRequest;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells handlers that their request was not sent, never from within the call that was to send it. */
@EventLoopOnly
final class UnsentRequests {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerConnection.class);

    private final EventLoop loop;
    private final String identity;

    /**
     * Of one connection.
     *
     * @param identity for logs
     */
    UnsentRequests(EventLoop loop, String identity) {
        this.loop = loop;
        this.identity = identity;
    }

    /** The connection takes none at the moment. */
    void notSendable(BrokerConnection connection, Consumer<RequestFailure> handler) {
        String detail = "connection cannot take a request: node=" + connection.nodeId() + " address="
                + connection.address() + " state=" + connection.state() + " inFlight=" + connection.inFlight();
        tell(handler, new RequestFailure(RequestFailure.Kind.NOT_SENT, detail, connection.lastFailure(), false));
    }

    /** Something in it cannot be written in that version. */
    void notEncodable(ApiRequest<?> request, RuntimeException cause, Consumer<RequestFailure> handler) {
        String detail = "request cannot be encoded: api=" + request.apiKey() + " cause=" + cause.getMessage();
        tell(handler, new RequestFailure(RequestFailure.Kind.NOT_SENT, detail, cause, false));
    }

    private void tell(Consumer<RequestFailure> handler, RequestFailure failure) {
        loop.execute(() -> {
            try {
                handler.accept(failure);
            } catch (RuntimeException e) {
                LOG.error("{} response handler failed: failure={}", identity, failure, e);
            }
        });
    }
}
