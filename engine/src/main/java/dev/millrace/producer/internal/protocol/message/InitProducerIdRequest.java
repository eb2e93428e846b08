package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import org.jspecify.annotations.Nullable;

/**
 * InitProducerId v1-5. Goes to the transaction coordinator, or to any broker if there is no transactional id.
 *
 * <p>Version 6 (two-phase commit, KIP-939) is unstable: brokers may change its layout, so it is not spoken.
 *
 * @param transactionalId the transactional id, null for a producer that is idempotent only; never empty
 * @param transactionTimeoutMillis when the coordinator gives up on a transaction; Integer.MAX_VALUE without one
 * @param producerId the producer id whose epoch is to be raised, -1 for a new one (v3+, KIP-360)
 * @param producerEpoch the epoch known so far; -1 if and only if the producer id is (v3+)
 */
public record InitProducerIdRequest(
        @Nullable String transactionalId, int transactionTimeoutMillis, long producerId, short producerEpoch)
        implements ApiRequest<InitProducerIdResponse> {

    @Override
    public ApiKey apiKey() {
        return ApiKey.INIT_PRODUCER_ID;
    }

    @Override
    public void write(WireWriter out, short version) {
        out.writeNullableString(transactionalId);
        out.writeInt32(transactionTimeoutMillis);
        if (version >= 3) {
            out.writeInt64(producerId);
            out.writeInt16(producerEpoch);
        }
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static InitProducerIdRequest read(WireReader in, short version) {
        String transactionalId = in.readNullableString();
        int transactionTimeoutMillis = in.readInt32();
        long producerId = version >= 3 ? in.readInt64() : -1;
        short producerEpoch = version >= 3 ? in.readInt16() : -1;
        in.endStruct();
        return new InitProducerIdRequest(transactionalId, transactionTimeoutMillis, producerId, producerEpoch);
    }

    @Override
    public InitProducerIdResponse readResponse(WireReader in, short version) {
        return InitProducerIdResponse.read(in, version);
    }
}
