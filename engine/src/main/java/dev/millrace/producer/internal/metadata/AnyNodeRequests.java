package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Requests that any node can answer, waiting for one that is ready. */
@EventLoopOnly
final class AnyNodeRequests {

    private final NodeChooser nodes;
    private final ArrayDeque<Waiting<?>> waiting = new ArrayDeque<>();

    AnyNodeRequests(NodeChooser nodes) {
        this.nodes = nodes;
    }

    private record Waiting<R>(KeptNode kept, ApiRequest<R> request, ResponseHandler<R> handler) {

        void sendTo(BrokerConnection node) {
            kept.keep(node.nodeId());
            try {
                node.send(request, node.version(request.apiKey()), handler);
            } catch (UnsupportedApiException e) {
                fail(String.valueOf(e.getMessage()) + " broker=" + node.address(), e);
            }
        }

        void fail(String detail, @Nullable Throwable cause) {
            handler.onFailure(new RequestFailure(RequestFailure.Kind.NOT_SENT, detail, cause, false));
        }
    }

    <R> void add(KeptNode kept, ApiRequest<R> request, ResponseHandler<R> handler) {
        waiting.addLast(new Waiting<>(kept, request, handler));
    }

    /** Sends what can be sent now; what waits for its own node holds up no other. */
    void sendReady() {
        for (int left = waiting.size(); left > 0; left--) {
            Waiting<?> next = waiting.removeFirst();
            BrokerConnection node = nodes.choose(next.kept().nodeId());
            if (node == null) {
                waiting.addLast(next);
            } else {
                next.sendTo(node);
            }
        }
    }

    /** Fails what waits. */
    void failAll(String reason) {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().fail(reason, null);
        }
    }
}
