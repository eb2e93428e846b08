package dev.millrace.testkit;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.RequestHeader;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.message.AddOffsetsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.AddPartitionsToTxnRequest;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request as a node has read it.
 *
 * @param node the node it was sent to
 * @param api which API
 * @param header its header
 * @param body its body; null for ApiVersions in a version the node does not know
 */
record ReceivedRequest(int node, Api api, RequestHeader header, @Nullable Object body) {

    /**
     * Reads a frame without its size.
     *
     * @throws MalformedResponseException if a broker would close the connection over it
     */
    static ReceivedRequest read(int node, ByteBuffer frame, OfferedVersions versions) {
        WireReader in = new WireReader(frame);
        RequestHeader header = RequestHeader.read(in);
        Api api = Api.of(header.apiKey());
        if (api == null) {
            throw new MalformedResponseException("unknown API: key=" + header.apiKey());
        }
        if (!versions.speaks(node, api, header.apiVersion())) {
            if (api == Api.API_VERSIONS) {
                return new ReceivedRequest(node, api, header, null);
            }
            throw new MalformedResponseException("version not offered: api=" + api + " version=" + header.apiVersion()
                    + " offered=" + api.minVersion() + "-" + versions.highest(node, api));
        }
        Object body = readBody(api, in, header.apiVersion());
        in.endFrame();
        return new ReceivedRequest(node, api, header, body);
    }

    short version() {
        return header.apiVersion();
    }

    Answer reply(Consumer<WireWriter> responseBody) {
        ApiKey key = api.key();
        if (key != null) {
            return Answer.reply(ResponseFrame.encode(key, version(), header.correlationId(), responseBody));
        }
        WireWriter out = new WireWriter();
        out.writeInt32(header.correlationId());
        responseBody.accept(out);
        return Answer.reply(out.toFrame());
    }

    private static Object readBody(Api api, WireReader in, short version) {
        return switch (api) {
            case PRODUCE -> ProduceRequest.read(in, version);
            case METADATA -> MetadataRequest.read(in, version);
            case API_VERSIONS -> ApiVersionsRequest.read(in, version);
            case INIT_PRODUCER_ID -> InitProducerIdRequest.read(in, version);
            case FIND_COORDINATOR -> FindCoordinatorRequest.read(in, version);
            case ADD_PARTITIONS_TO_TXN -> AddPartitionsToTxnRequest.read(in, version);
            case ADD_OFFSETS_TO_TXN -> AddOffsetsToTxnRequest.read(in, version);
            case TXN_OFFSET_COMMIT -> TxnOffsetCommitRequest.read(in, version);
            case END_TXN -> EndTxnRequest.read(in, version);
            default -> ConsumerRequests.read(api, in, version);
        };
    }
}
