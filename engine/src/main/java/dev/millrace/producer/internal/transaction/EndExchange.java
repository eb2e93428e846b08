package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import dev.millrace.producer.internal.protocol.message.EndTxnRequest;
import dev.millrace.producer.internal.protocol.message.EndTxnResponse;

/** Asks the coordinator to commit or to abort. */
@EventLoopOnly
final class EndExchange implements CoordinatorRequest.Exchange<EndTxnResponse> {

    private final TransactionCore core;
    private final Protocol protocol;
    private final Inquiry inquiry;
    private final Listener listener;

    EndExchange(TransactionCore core, Protocol protocol, Inquiry inquiry, Listener listener) {
        this.core = core;
        this.protocol = protocol;
        this.inquiry = inquiry;
        this.listener = listener;
    }

    /** Hears of the end. */
    interface Listener {

        /** It is committed or aborted; the identity of the next transaction may be in the answer. */
        void onEnded(EndTxnResponse response);

        /** It is not. */
        void onRefused(ErrorCode error, Reaction reaction);
    }

    @Override
    public Inquiry inquiry() {
        return inquiry;
    }

    @Override
    public ApiRequest<EndTxnResponse> request() {
        return new EndTxnRequest(
                core.settings().transactionalId(),
                core.identity().producerId(),
                core.identity().epoch(),
                inquiry == Inquiry.COMMIT);
    }

    @Override
    public short version(NegotiatedVersions versions) {
        short version = versions.chooseAtMost(ApiKey.END_TXN, protocol.maxEnd());
        if (protocol == Protocol.IMPLICIT && version < protocol.maxEnd()) {
            throw new UnsupportedApiException(
                    ApiKey.END_TXN,
                    new VersionRange(protocol.maxEnd(), protocol.maxEnd()),
                    new VersionRange(ApiKey.END_TXN.versions().min(), version));
        }
        return version;
    }

    @Override
    public ErrorCode take(EndTxnResponse response) {
        return response.error();
    }

    @Override
    public void onEnd(EndTxnResponse response, ErrorCode error, Reaction reaction) {
        if (reaction == Reaction.DONE) {
            listener.onEnded(response);
        } else {
            listener.onRefused(error, reaction);
        }
    }

    @Override
    public void onNoCoordinator(ErrorCode error, Reaction reaction) {
        listener.onRefused(error, reaction);
    }

    @Override
    public boolean retriesRefusals() {
        return true; // the outcome is the coordinator's to tell, whenever it is allowed to
    }

    @Override
    public boolean retriesUnsupported(UnsupportedApiException unsupported) {
        return true; // the coordinator may move to a broker that can
    }
}
