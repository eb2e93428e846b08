package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a transaction of the implicit protocol does when brokers answer that the coordinator has forgotten its id
 * (INVALID_PRODUCER_ID_MAPPING, after transactional.id.expiration.ms): they ask the coordinator before they append, so what is
 * answered with it is in no log. Whoever is answered so waits here until everything sent before is back. If nothing of
 * the transaction was taken, or may have been, it goes on with another identity; otherwise it can only be aborted.
 *
 * <p>Once in a transaction: a coordinator that forgets it again does not get it a third time.
 */
@EventLoopOnly
final class ForgottenIdentity implements IdentityRenewal.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ForgottenIdentity.class);

    private final TransactionCore core;
    private final IdentityRenewal renewal;
    private final TransactionDamage damage;
    private final List<IdentityRenewal.Listener> waiting = new ArrayList<>(); // besides records
    private @Nullable OpenTransaction transaction; // null before the first one
    private Step step = Step.NONE;
    private boolean recordsUnderWay;
    private int offsetsUnderWay; // calls

    private enum Step {
        /** Nobody has been told that the id is forgotten. */
        NONE,
        /** Waits for what was sent. */
        ANSWERS,
        /** Waits for the other identity. */
        RENEWAL,
        /** There was another identity, or there will be none in this transaction. */
        DONE
    }

    ForgottenIdentity(TransactionCore core, IdentityRenewal renewal, TransactionDamage damage) {
        this.core = core;
        this.renewal = renewal;
        this.damage = damage;
    }

    void begin(OpenTransaction begun) {
        transaction = begun;
        step = Step.NONE;
        waiting.clear();
    }

    /** The transaction ends: nobody waits any more. */
    void stop() {
        step = Step.DONE;
        waiting.clear();
        renewal.leave(this);
    }

    /** Whether offsets wait, too, instead of being sent. */
    boolean isAwaited() {
        return step == Step.ANSWERS || step == Step.RENEWAL;
    }

    /** The listener hears of the other identity, or that there will be none. Only while {@link #isAwaited}. */
    void await(IdentityRenewal.Listener listener) {
        waiting.add(listener);
    }

    /** The listener is no longer interested. */
    void leave(IdentityRenewal.Listener listener) {
        waiting.remove(listener);
    }

    /** Offsets are sent with the identity there is. */
    void offsetsSent() {
        offsetsUnderWay++;
    }

    /** Offsets are answered or given up, and the transaction knows what that means for it. */
    void offsetsEnded() {
        offsetsUnderWay--;
        decide();
    }

    /**
     * A broker has not taken something because the id is forgotten.
     *
     * @return whether that waits for another identity; false if it fails
     */
    boolean mayGoAgain() {
        OpenTransaction current = transaction;
        if (current == null || current.protocol() != Protocol.IMPLICIT || step == Step.DONE || isBound(current)) {
            return false;
        }
        if (step == Step.NONE) {
            step = Step.ANSWERS;
            core.identity().renew(); // nothing more leaves with the old one
            awaitRecords(current);
        }
        return true;
    }

    private void awaitRecords(OpenTransaction current) {
        recordsUnderWay = true;
        CompletableFuture<Void> unused = core.records().answered().whenComplete((done, failed) -> {
            try {
                core.loop().execute(() -> onRecordsAnswered(current));
            } catch (RejectedExecutionException ended) {
                LOG.debug("{} the event loop has ended", core.settings().logPrefix(), ended); // nobody waits
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // transactions have no other identity
    private void onRecordsAnswered(OpenTransaction answered) {
        if (answered == transaction) {
            recordsUnderWay = false;
            decide();
        }
    }

    private void decide() {
        OpenTransaction current = transaction;
        if (current == null || step != Step.ANSWERS || recordsUnderWay || offsetsUnderWay > 0) {
            return;
        }
        if (isBound(current) || !core.records().stampAnew()) {
            giveUp(current, Inquiry.RECORDS, ErrorCode.INVALID_PRODUCER_ID_MAPPING, "");
        } else {
            LOG.info(
                    "{} the coordinator has forgotten the id (transactional.id.expiration.ms of the brokers): the open"
                            + " transaction goes on with another identity",
                    core.settings().logPrefix());
            step = Step.RENEWAL;
            core.identity().begin(); // what was stamped is nowhere
            renewal.ask(this);
        }
    }

    /** Whether the transaction cannot move to another identity, or has no use for one. */
    private boolean isBound(OpenTransaction current) {
        boolean goesOn =
                core.life().is(TransactionState.IN_TRANSACTION) || core.life().is(TransactionState.COMMITTING);
        return !goesOn
                || core.door().failure() != null
                || current.isEnrolled()
                || current.isDoubtful()
                || current.isFencingSuspected()
                || core.identity().isBound();
    }

    @Override
    public void onRenewed() {
        step = Step.DONE;
        take().forEach(IdentityRenewal.Listener::onRenewed);
        core.records().onAdmitted();
    }

    @Override
    public void onRefused(ErrorCode error, String progress) {
        OpenTransaction current = transaction;
        if (current != null) {
            giveUp(current, Inquiry.IDENTITY, error, progress);
        }
    }

    /** The transaction can only be aborted; what waits does not wait for that. */
    private void giveUp(OpenTransaction current, Inquiry inquiry, ErrorCode error, String progress) {
        step = Step.DONE;
        ProducerException failure = damage.refused(
                current,
                inquiry,
                error,
                TransactionReactions.to(Inquiry.PARTITIONS, error),
                TransactionDamage.Words.of(progress));
        take().forEach(each -> each.onRefused(error, progress));
        ProducerException first = core.door().failure();
        core.records().failUnsent(core.failures().abortOnly(first == null ? failure : first));
    }

    private List<IdentityRenewal.Listener> take() {
        List<IdentityRenewal.Listener> waited = List.copyOf(waiting);
        waiting.clear();
        return waited;
    }
}
