package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.ProducerIdentity;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;

/** Asks for the identity of a transactional id: the first one, or the one that follows the identity the producer has. */
@EventLoopOnly
final class IdentityExchange implements CoordinatorRequest.Exchange<InitProducerIdResponse> {

    private static final short FIRST_WITH_IDENTITY = 3; // below it nobody could be told what follows which epoch
    private static final short NO_EPOCH = -1;

    private final TransactionSettings settings;
    private final long producerId;
    private final short epoch;
    private final Listener listener;

    private IdentityExchange(TransactionSettings settings, long producerId, short epoch, Listener listener) {
        this.settings = settings;
        this.producerId = producerId;
        this.epoch = epoch;
        this.listener = listener;
    }

    /** Hears of the end. */
    interface Listener {

        /** This is the identity from now on. */
        void onIdentity(long producerId, short epoch);

        /** There is none. */
        void onRefused(ErrorCode error, Reaction reaction);

        /** The coordinator is too old; true asks again. */
        boolean retriesTooOld(UnsupportedApiException unsupported);

        /** Whether it is asked again when it is refused until somebody changes something. */
        boolean retriesRefusals();
    }

    /** Fences everybody who has used the transactional id, and ends what he left open. */
    static IdentityExchange first(TransactionSettings settings, Listener listener) {
        return new IdentityExchange(settings, ProducerIdentity.NO_ID, NO_EPOCH, listener);
    }

    /** Fences nobody: the coordinator answers only whom it gave the identity, or if it has forgotten the id (KIP-360). */
    static IdentityExchange next(TransactionSettings settings, TransactionIdentity identity, Listener listener) {
        return new IdentityExchange(settings, identity.producerId(), identity.epoch(), listener);
    }

    @Override
    public Inquiry inquiry() {
        return Inquiry.IDENTITY;
    }

    @Override
    public ApiRequest<InitProducerIdResponse> request() {
        return new InitProducerIdRequest(settings.transactionalId(), settings.timeoutMillis(), producerId, epoch);
    }

    @Override
    public short version(NegotiatedVersions versions) {
        short version = versions.choose(ApiKey.INIT_PRODUCER_ID);
        if (version < FIRST_WITH_IDENTITY) {
            VersionRange spoken = ApiKey.INIT_PRODUCER_ID.versions();
            throw new UnsupportedApiException(
                    ApiKey.INIT_PRODUCER_ID,
                    new VersionRange(FIRST_WITH_IDENTITY, spoken.max()),
                    new VersionRange(spoken.min(), version));
        }
        return version;
    }

    @Override
    public ErrorCode take(InitProducerIdResponse response) {
        return response.error();
    }

    @Override
    public void onEnd(InitProducerIdResponse response, ErrorCode error, Reaction reaction) {
        if (reaction == Reaction.DONE) {
            listener.onIdentity(response.producerId(), response.producerEpoch());
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
        return listener.retriesRefusals();
    }

    @Override
    public boolean retriesUnsupported(UnsupportedApiException unsupported) {
        return listener.retriesTooOld(unsupported);
    }
}
