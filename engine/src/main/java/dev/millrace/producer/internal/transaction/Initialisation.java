package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first identity of the producer. However often it is asked for, one request is under way; it goes on when a caller's
 * patience ends, and whoever calls again joins it.
 */
@EventLoopOnly
final class Initialisation implements IdentityExchange.Listener {

    private final TransactionCore core;
    private final IdentityListener identities;
    private final List<PendingCall<Void>> calls = new ArrayList<>();
    private @Nullable CoordinatorRequest<InitProducerIdResponse> request; // null unless under way

    Initialisation(TransactionCore core, IdentityListener identities) {
        this.core = core;
        this.identities = identities;
    }

    void join(PendingCall<Void> call) {
        calls.add(call);
        call.within(
                core.settings().maxBlockNanos(), () -> call.fail(core.failures().initTimedOut(progress())));
        if (request == null) {
            core.life().moveTo(TransactionState.INITIALIZING, "init");
            request = core.ask(IdentityExchange.first(core.settings(), this));
        }
    }

    /** The producer ends. */
    void end(ProducerException why) {
        if (request != null) {
            request.cancel();
        }
        decide(call -> call.fail(why));
    }

    @Override
    public void onIdentity(long producerId, short epoch) {
        request = null;
        core.identity().become(producerId, epoch);
        core.life().moveTo(TransactionState.READY, "identity");
        identities.onIdentity(producerId);
        decide(call -> call.complete(null));
    }

    @Override
    public void onRefused(ErrorCode error, Reaction reaction) {
        String progress = progress();
        request = null;
        if (reaction == Reaction.FATAL) {
            ProducerException failure = core.failures().initFailed(error, progress);
            core.life().fail(failure);
            decide(call -> call.fail(failure));
        } else {
            ProducerException failure = core.failures().initRefused(error, progress);
            core.life().moveTo(TransactionState.UNINITIALIZED, error.toString());
            decide(call -> call.fail(failure));
        }
    }

    @Override
    public boolean retriesTooOld(UnsupportedApiException unsupported) {
        ProducerException failure = core.failures().tooOld(unsupported, progress());
        request = null;
        core.life().moveTo(TransactionState.UNINITIALIZED, "too old");
        decide(call -> call.fail(failure));
        return false;
    }

    @Override
    public boolean retriesRefusals() {
        return false; // the caller is told, and may call again
    }

    private String progress() {
        return request == null ? "" : request.describe();
    }

    private void decide(Consumer<PendingCall<Void>> decision) {
        List<PendingCall<Void>> waiting = List.copyOf(calls);
        calls.clear();
        waiting.forEach(decision);
    }
}
