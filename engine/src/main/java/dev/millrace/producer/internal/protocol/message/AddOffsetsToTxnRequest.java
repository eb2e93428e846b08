package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * AddOffsetsToTxn v0-4. Goes to the transaction coordinator before the offsets of a group are committed in a
 * transaction, unless the cluster has {@code transaction.version} 2 (KIP-890).
 *
 * @param transactionalId the transactional id
 * @param producerId its producer id
 * @param producerEpoch its epoch
 * @param groupId the consumer group
 */
public record AddOffsetsToTxnRequest(String transactionalId, long producerId, short producerEpoch, String groupId)
        implements ApiRequest<AddOffsetsToTxnResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeString(transactionalId);
        out.writeInt64(producerId);
        out.writeInt16(producerEpoch);
        out.writeString(groupId);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote; every version has the same fields. */
    public static AddOffsetsToTxnRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        AddOffsetsToTxnRequest request =
                new AddOffsetsToTxnRequest(in.readString(), in.readInt64(), in.readInt16(), in.readString());
        in.endStruct();
        return request;
    }

    @Override
    public AddOffsetsToTxnResponse readResponse(WireReader in, short version) {
        return AddOffsetsToTxnResponse.read(in, version);
    }
}
