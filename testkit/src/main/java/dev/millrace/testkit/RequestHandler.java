package dev.millrace.testkit;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads requests, notes them, and finds their answers: the part of a node that knows nothing of sockets. */
final class RequestHandler {

    private final Guard guard;
    private final OfferedVersions versions;
    private final FaultScript faults;
    private final RequestJournal journal;
    private final MetadataService metadata;
    private final ProduceService produce;
    private final IdentityService identity;

    RequestHandler(
            Guard guard,
            OfferedVersions versions,
            FaultScript faults,
            RequestJournal journal,
            MetadataService metadata,
            ProduceService produce,
            IdentityService identity) {
        this.guard = guard;
        this.versions = versions;
        this.faults = faults;
        this.journal = journal;
        this.metadata = metadata;
        this.produce = produce;
        this.identity = identity;
    }

    /**
     * Reads and notes a frame without its size.
     *
     * @throws MalformedResponseException if a broker would close the connection over it; {@link #refused} notes that
     */
    ReceivedRequest receive(int node, int connection, ByteBuffer frame) {
        return guard.get(() -> {
            ReceivedRequest received = ReceivedRequest.read(node, frame, versions);
            journal.note(received, connection);
            return received;
        });
    }

    void refused(int node, int connection, @Nullable String reason) {
        guard.run(() -> journal.noteRefusal("node=" + node + " connection=" + connection + ": " + reason));
    }

    Answer answer(ReceivedRequest received) {
        return guard.get(() -> {
            Answer replacement =
                    faults.takeReplacement(received.api(), received.header().correlationId());
            return replacement == null
                    ? serve(received).after(faults.takeDelay(received.node(), received.api()))
                    : replacement;
        });
    }

    private Answer serve(ReceivedRequest received) {
        if (received.body() instanceof ProduceRequest request) {
            return produce.answer(received, request);
        }
        if (received.body() instanceof MetadataRequest request) {
            return metadata.answer(received, request);
        }
        if (received.body() instanceof InitProducerIdRequest request) {
            return identity.answer(received, request);
        }
        return identity.answer(received, (ApiVersionsRequest) received.body());
    }
}
