package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import dev.millrace.testkit.ConsumerRequests.ConsumerRequest;
import java.nio.ByteBuffer;
import java.util.Set;
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
    private final CoordinatorService coordinators;
    private final ConsumerServices consumers;

    RequestHandler(
            Guard guard,
            OfferedVersions versions,
            FaultScript faults,
            RequestJournal journal,
            MetadataService metadata,
            ProduceService produce,
            IdentityService identity,
            CoordinatorService coordinators,
            ConsumerServices consumers) {
        this.guard = guard;
        this.versions = versions;
        this.faults = faults;
        this.journal = journal;
        this.metadata = metadata;
        this.produce = produce;
        this.identity = identity;
        this.coordinators = coordinators;
        this.consumers = consumers;
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
            Set<TopicPartition> partitions = journal.partitionsOf(received);
            Answer replacement = faults.takeReplacement(
                    received.node(),
                    received.api(),
                    partitions,
                    received.header().correlationId());
            if (replacement != null) {
                return replacement;
            }
            Answer answer = serve(received);
            return faults.takeCutAfter(received.node(), received.api(), partitions)
                    ? Answer.CUT
                    : answer.after(faults.takeDelay(received.node(), received.api(), partitions));
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
        if (received.body() instanceof FindCoordinatorRequest request) {
            return coordinators.answer(received, request);
        }
        if (received.body() instanceof AddPartitionsToTxnRequest request) {
            return coordinators.answer(received, request);
        }
        if (received.body() instanceof AddOffsetsToTxnRequest request) {
            return coordinators.answer(received, request);
        }
        if (received.body() instanceof TxnOffsetCommitRequest request) {
            return coordinators.answer(received, request);
        }
        if (received.body() instanceof EndTxnRequest request) {
            return coordinators.answer(received, request);
        }
        if (received.body() instanceof ConsumerRequest request) {
            return consumers.answer(received, request);
        }
        return identity.answer(received, (ApiVersionsRequest) received.body());
    }
}
