package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.message.EndTxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one transaction ends, step by step: no send is inside, no record is under way, the coordinator has been told, the
 * next transaction has its identity. It goes on until it is through, whether anybody still waits for it or not.
 *
 * <p>A commit becomes an abort when something has failed, as long as the coordinator cannot have been asked to commit.
 */
@EventLoopOnly
final class TransactionEnding implements EndExchange.Listener, IdentityRenewal.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionEnding.class);

    private final TransactionCore core;
    private final TransactionParticipants participants;
    private final OpenTransaction transaction;
    private final EndingCalls calls;

    private Step step = Step.SENDS;
    private boolean committing;
    private boolean commitDoubtful; // the coordinator may have committed without our knowing
    private boolean renewalDue;
    private boolean hasNextIdentity; // the coordinator has given it with its answer
    private @Nullable Throwable cause; // of the abort, null if the application asked for it
    private @Nullable CoordinatorRequest<EndTxnResponse> request; // null before the coordinator is asked

    private enum Step {
        /** Waits for sends in progress. */
        SENDS,
        /** Waits for the records, then for offsets. */
        RECORDS,
        /** Waits for the coordinator. */
        COORDINATOR,
        /** Waits for the identity of the next transaction. */
        RENEWAL,
        /** Ended. */
        DONE
    }

    TransactionEnding(
            TransactionCore core,
            TransactionParticipants participants,
            OpenTransaction transaction,
            EndingCalls calls) {
        this.core = core;
        this.participants = participants;
        this.transaction = transaction;
        this.calls = calls;
    }

    /** Who waits for it, and what they are told. */
    EndingCalls calls() {
        return calls;
    }

    /** Commits, if nothing has failed. */
    void commit() {
        ProducerException failure = core.door().failure();
        if (failure != null) {
            abort(failure);
            return;
        }
        committing = true;
        core.life().moveTo(TransactionState.COMMITTING, "commit");
        core.door().close();
        onSendLeft();
    }

    /** Aborts; the cause is null if the application asks for it. */
    void abort(@Nullable Throwable why) {
        core.door().close();
        turnToAbort(why);
        onSendLeft();
    }

    /** The last send has left the transaction, perhaps. */
    void onSendLeft() {
        if (step != Step.SENDS || !core.door().isEmpty()) {
            return;
        }
        step = Step.RECORDS;
        if (!committing) {
            core.records().failUnsent(core.failures().aborted(cause)); // what came in since
        }
        CompletableFuture<Void> unused = core.records().flush().whenComplete((done, failed) -> {
            try {
                core.loop().execute(this::onRecordsEnded);
            } catch (RejectedExecutionException ended) {
                LOG.debug("the event loop has ended", ended); // its end has decided what waits
            }
        });
    }

    /** Something of the transaction has failed. */
    void onFailure(ProducerException failure) {
        boolean isRecords = step == Step.SENDS || step == Step.RECORDS;
        if (committing && isRecords) {
            turnToAbort(failure);
        }
    }

    /** A caller's patience is at its end: decides what it is told, and whether there is still a chance to commit. */
    void timeOut(PendingCall<TransactionOutcome> call) {
        if (calls.tellKnown(call)) {
            return;
        }
        if (mayBeCommitted()) {
            calls.tellUnknown(call, core.failures().outcomeUnknown(progress(), "no answer from the coordinator"));
            return;
        }
        if (committing) {
            if (request != null) {
                request.cancel();
            }
            boolean isCoordinator = step == Step.COORDINATOR;
            turnToAbort(core.failures().commitTimedOut(progress()));
            if (isCoordinator) {
                askCoordinator();
            }
        }
        call.complete(new TransactionOutcome.Aborted(cause, false));
    }

    /**
     * The producer ends, or has failed: nobody is asked any more. Harmless once it is through. Any thread if there is no
     * event loop any more.
     */
    void stop(ProducerException why) {
        if (step == Step.DONE) {
            return;
        }
        CoordinatorRequest<EndTxnResponse> asked = request;
        TransactionOutcome last;
        if (mayBeCommitted()) {
            last = calls.unknown(core.failures().outcomeUnknown(progress(), String.valueOf(why.getMessage())));
        } else {
            last = new TransactionOutcome.Aborted(committing || cause == null ? why : cause, false);
        }
        if (asked != null) {
            asked.cancel();
        }
        end(last);
    }

    /** How far it came, for messages. */
    String progress() {
        String doing =
                switch (step) {
                    case SENDS -> "waiting for sends in progress";
                    case RECORDS -> "waiting for records and offsets to be delivered";
                    case COORDINATOR -> committing ? "committing" : "aborting";
                    case RENEWAL ->
                        "fetching the next identity " + participants.renewal().describe();
                    case DONE -> "done";
                };
        return "stage=" + doing + (request == null ? "" : " " + request.describe());
    }

    private boolean mayBeCommitted() {
        return calls.outcome() == null && (commitDoubtful || (committing && request != null && request.isDoubtful()));
    }

    private void turnToAbort(@Nullable Throwable why) {
        committing = false;
        cause = why;
        renewalDue |= core.door().failure() != null;
        core.life().moveTo(TransactionState.ABORTING, why == null ? "abort" : String.valueOf(why.getMessage()));
        core.door().ignoreFailures();
        ProducerException reason = core.failures().aborted(why);
        participants.offsets().cancel(reason);
        core.records().failUnsent(reason);
    }

    private void onRecordsEnded() {
        if (step == Step.RECORDS) {
            participants.offsets().whenIdle(this::onEverythingEnded);
        }
    }

    private void onEverythingEnded() {
        if (step != Step.RECORDS) {
            return;
        }
        participants.enrolment().stop();
        ProducerException failure = core.door().failure();
        if (committing && failure != null) {
            turnToAbort(failure);
        }
        step = Step.COORDINATOR;
        askCoordinator();
    }

    private void askCoordinator() {
        if (isKnownToCoordinator()) {
            request = core.ask(
                    new EndExchange(core, transaction.protocol(), committing ? Inquiry.COMMIT : Inquiry.ABORT, this));
        } else {
            conclude(committing ? new TransactionOutcome.Committed() : new TransactionOutcome.Aborted(cause, true));
            next();
        }
    }

    /** Whether the coordinator has, or may have, anything of the transaction, or has to say whose the epoch is. */
    private boolean isKnownToCoordinator() {
        return transaction.isEnrolled()
                || transaction.isDoubtful()
                || transaction.isFencingSuspected()
                || core.identity().isUsed();
    }

    @Override
    public void onEnded(EndTxnResponse response) {
        renewalDue |= request != null && request.wasDoubtful();
        conclude(committing ? new TransactionOutcome.Committed() : new TransactionOutcome.Aborted(cause, true));
        if (transaction.protocol() == Protocol.IMPLICIT && response.producerId() >= 0) {
            hasNextIdentity = true;
            participants.take(response.producerId(), response.producerEpoch());
        }
        next();
    }

    @Override
    public void onRefused(ErrorCode error, Reaction reaction) {
        Inquiry inquiry = committing ? Inquiry.COMMIT : Inquiry.ABORT;
        boolean isDenied = committing && error == ErrorCode.INVALID_TXN_STATE; // a commit that was carried out never is
        boolean doubtful = !isDenied && (commitDoubtful || (committing && request != null && request.wasDoubtful()));
        if (committing && reaction == Reaction.ABORT) {
            commitDoubtful = doubtful;
            turnToAbort(core.failures().abortable(inquiry, error, TransactionDamage.Words.of(progress())));
            askCoordinator();
        } else if (doubtful) {
            ProducerException failure = reaction == Reaction.CHECK_FENCING
                    ? core.failures().fenced(inquiry, error, progress())
                    : core.failures().fatal(inquiry, error, progress());
            giveUp(failure, calls.unknown(core.failures().outcomeUnknown(progress(), "error=" + error)));
        } else if (isDenied && transaction.protocol() == Protocol.IMPLICIT) {
            // the end of one that has timed out may be asked for again, and its answer has the next identity (KIP-890);
            // to ask for an identity instead would abort what a successor has open meanwhile
            turnToAbort(core.failures().superseded(inquiry, error, progress()));
            askCoordinator();
        } else if (isDenied) {
            conclude(aborted(core.failures().superseded(inquiry, error, progress()), true));
            renewalDue = true;
            next();
        } else if (reaction == Reaction.CHECK_FENCING) {
            ProducerException failure = core.failures().fenced(inquiry, error, progress());
            giveUp(failure, new TransactionOutcome.Fenced(failure));
        } else if (reaction == Reaction.RENEW_IDENTITY || isNothingThere(error)) {
            conclude(aborted(core.failures().abortable(inquiry, error, TransactionDamage.Words.of(progress())), true));
            renewalDue = true;
            next();
        } else {
            ProducerException failure = core.failures().fatal(inquiry, error, progress());
            giveUp(failure, aborted(failure, false));
        }
    }

    /** Only a request whose answer is missing has led to the abort, and the coordinator has never seen it. */
    private boolean isNothingThere(ErrorCode error) {
        return error == ErrorCode.INVALID_TXN_STATE && !committing && !transaction.isEnrolled();
    }

    private TransactionOutcome aborted(ProducerException failure, boolean confirmed) {
        boolean isNews = committing || (cause == null && !confirmed);
        return new TransactionOutcome.Aborted(isNews ? failure : cause, confirmed);
    }

    /** The outcome is known; what is left is the next transaction's identity. */
    private void next() {
        boolean sequencesLost = core.identity().hasGap() || (!committing && transaction.isDoubtful());
        boolean upgraded = transaction.protocol() == Protocol.CLASSIC
                && Protocol.of(core.coordinators().transactionVersion()) == Protocol.IMPLICIT;
        boolean isDue = renewalDue || sequencesLost || upgraded;
        if (participants.renewal().isUnderWay() || (isDue && !hasNextIdentity)) {
            step = Step.RENEWAL;
            participants.renewal().ask(this);
        } else {
            finish();
        }
    }

    @Override
    public void onRenewed() {
        finish();
    }

    @Override
    public void onRefused(ErrorCode error, String progress) {
        boolean isFenced = error == ErrorCode.PRODUCER_FENCED || error == ErrorCode.INVALID_PRODUCER_EPOCH;
        ProducerException failure = isFenced
                ? core.failures().fenced(Inquiry.IDENTITY, error, progress)
                : core.failures().fatal(Inquiry.IDENTITY, error, progress);
        giveUp(failure, new TransactionOutcome.Aborted(cause, true));
    }

    private void conclude(TransactionOutcome outcome) {
        calls.conclude(outcome);
    }

    private void giveUp(ProducerException failure, TransactionOutcome outcome) {
        step = Step.DONE; // before life hears of it, who would stop what is not through
        core.life().fail(failure);
        end(outcome);
    }

    private void finish() {
        step = Step.DONE;
        core.life().moveTo(TransactionState.READY, "ended");
        calls.end();
    }

    private void end(TransactionOutcome outcome) {
        step = Step.DONE;
        participants.renewal().leave(this);
        conclude(outcome);
        calls.end();
    }
}
