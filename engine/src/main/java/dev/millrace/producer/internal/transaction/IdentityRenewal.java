package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gets the identity that follows the one the producer has. The coordinator refuses that if another producer has taken the
 * transactional id over. One request at a time; whoever asks meanwhile joins it.
 *
 * <p>Not for finding out who has the id: while the other producer has a transaction open the coordinator looks at the
 * producer id only, aborts that transaction, and then refuses both (Kafka 4.3, TransactionCoordinator).
 */
@EventLoopOnly
final class IdentityRenewal implements IdentityExchange.Listener {

    private final TransactionCore core;
    private final IdentityListener identities;
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable CoordinatorRequest<InitProducerIdResponse> request; // null unless under way

    IdentityRenewal(TransactionCore core, IdentityListener identities) {
        this.core = core;
        this.identities = identities;
    }

    /** Hears of the end. */
    interface Listener {

        /** The producer has its next identity: nobody else has the transactional id. */
        void onRenewed();

        /** There is none. */
        void onRefused(ErrorCode error, String progress);
    }

    void ask(Listener listener) {
        listeners.add(listener);
        if (request == null) {
            core.identity().renew();
            request = core.ask(IdentityExchange.next(core.settings(), core.identity(), this));
        }
    }

    /** The listener is no longer interested. */
    void leave(Listener listener) {
        listeners.remove(listener);
    }

    boolean isUnderWay() {
        return request != null;
    }

    String describe() {
        return request == null ? "" : request.describe();
    }

    void cancel() {
        listeners.clear();
        if (request != null) {
            request.cancel();
        }
    }

    @Override
    public void onIdentity(long producerId, short epoch) {
        request = null;
        core.identity().become(producerId, epoch);
        identities.onIdentity(producerId);
        take().forEach(Listener::onRenewed);
    }

    @Override
    public void onRefused(ErrorCode error, Reaction reaction) {
        CoordinatorRequest<InitProducerIdResponse> ended = request;
        request = null;
        String progress = ended == null ? "" : ended.describe();
        take().forEach(listener -> listener.onRefused(error, progress));
    }

    @Override
    public boolean retriesTooOld(UnsupportedApiException unsupported) {
        return true; // the coordinator may move back to a broker that can
    }

    @Override
    public boolean retriesRefusals() {
        return true; // somebody may set it right while the next transaction waits for it
    }

    private List<Listener> take() {
        List<Listener> waiting = List.copyOf(listeners);
        listeners.clear();
        return waiting;
    }
}
