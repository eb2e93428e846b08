package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;

/**
 * EndTxn v0-5. Goes to the transaction coordinator. Version 5 gives the producer a new epoch for the next transaction
 * and is for clusters with {@code transaction.version} 2 only (KIP-890).
 *
 * @param transactionalId the transactional id
 * @param producerId its producer id
 * @param producerEpoch its epoch
 * @param committed true commits, false aborts
 */
public record EndTxnRequest(String transactionalId, long producerId, short producerEpoch, boolean committed)
        implements ApiRequest<EndTxnResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.END_TXN;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeString(transactionalId);
        out.writeInt64(producerId);
        out.writeInt16(producerEpoch);
        out.writeBoolean(committed);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote; every version has the same fields. */
    public static EndTxnRequest read(WireReader in, @SuppressWarnings("unused") short version) {
        EndTxnRequest request = new EndTxnRequest(in.readString(), in.readInt64(), in.readInt16(), in.readBoolean());
        in.endStruct();
        return request;
    }

    @Override
    public EndTxnResponse readResponse(WireReader in, short version) {
        return EndTxnResponse.read(in, version);
    }
}
