package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.DrainGate;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.IdentitySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one producer: checks whether a call fits the state, and hands it to who carries it out. Any thread;
 * everything happens on the event loop.
 */
public final class TransactionManager implements Transactions {

    private static final Logger LOG = LoggerFactory.getLogger(TransactionManager.class);

    private final EventLoop loop;
    private final long maxBlockNanos;
    private final TransactionFailures failures;
    private final TransactionLife life;
    private final SendDoor door;
    private final PendingCalls calls;
    private final TransactionEvents events;
    private final AttachedRecords records = new AttachedRecords();
    private final Coordinators coordinators;
    private final TransactionCore core;
    private final Initialisation initialisation;
    private final TransactionParticipants participants;
    private final Runnable onLoopEnd = this::loopEnded;
    private final List<IdentitySource.Listener> identityListeners = new ArrayList<>();

    // event loop only
    private @Nullable OpenTransaction transaction; // the last one that began, null before the first
    private @Nullable TransactionEnding ending; // of that transaction, null until it begins to end

    /** Nothing happens before {@link #init}. */
    public TransactionManager(TransactionParts parts) {
        TransactionSettings settings = parts.settings();
        String logPrefix = settings.logPrefix();
        loop = parts.loop();
        maxBlockNanos = settings.maxBlockNanos();
        failures = new TransactionFailures(settings);
        life = new TransactionLife(logPrefix, this::onFailed);
        door = new SendDoor(() -> failures.notOpen(life.state(), life.failure()), this::onSendLeft, this::onFailure);
        calls = new PendingCalls(loop, parts.delivery());
        events = new TransactionEvents(parts);
        coordinators = new Coordinators(parts);
        core = new TransactionCore(
                settings, loop, life, new TransactionIdentity(logPrefix), door, coordinators, records, failures);
        IdentityRenewal renewal = new IdentityRenewal(core, this::tellIdentity);
        TransactionDamage damage = new TransactionDamage(core);
        ForgottenIdentity forgotten = new ForgottenIdentity(core, renewal, damage);
        initialisation = new Initialisation(core, this::tellIdentity);
        participants = new TransactionParticipants(
                core,
                new Enrolment(core, renewal, damage),
                new OffsetsOfTransaction(core, renewal, forgotten, damage),
                forgotten,
                renewal,
                this::tellIdentity);
    }

    /** Says where the records are. Once, before anything else happens. */
    public void attach(RecordFlow flow) {
        records.attach(flow);
        loop.addEndListener(onLoopEnd);
    }

    /** What the sender asks before it sends. */
    public DrainGate gate() {
        return participants.enrolment();
    }

    /** What stamps batches; the listener hears of each new identity, on the event loop. */
    public Idempotence idempotence(IdentitySource.Listener listener) {
        identityListeners.add(listener);
        return new TransactionalIdempotence(core, participants.forgotten(), () -> transaction);
    }

    @Override
    public CompletableFuture<Void> init() {
        return calls.start(this::init, call -> call.fail(failures.loopEnded()));
    }

    @EventLoopOnly
    private void init(PendingCall<Void> call) {
        switch (life.state()) {
            case UNINITIALIZED, INITIALIZING -> initialisation.join(call);
            case FAILED -> failBecauseFailed(call);
            case CLOSED -> call.fail(wrongCall("init"));
            default -> call.complete(null);
        }
    }

    @Override
    public CompletableFuture<Void> begin() {
        return calls.start(
                call -> {
                    call.within(maxBlockNanos, () -> call.fail(beginTimedOut()));
                    begin(call);
                },
                call -> call.fail(failures.loopEnded()));
    }

    @EventLoopOnly
    private void begin(PendingCall<Void> call) {
        if (call.isDecided()) {
            return;
        }
        TransactionEnding last = ending;
        switch (life.state()) {
            case READY -> {
                beginNow();
                call.complete(null);
            }
            case COMMITTING, ABORTING -> {
                if (last == null || last.calls().isUnknown()) {
                    call.fail(wrongCall("begin"));
                } else {
                    last.calls().whenEnded(() -> begin(call));
                }
            }
            case FAILED -> failBecauseFailed(call);
            default -> call.fail(wrongCall("begin"));
        }
    }

    private void beginNow() {
        OpenTransaction begun = new OpenTransaction(Protocol.of(coordinators.transactionVersion()), loop.nanos());
        transaction = begun;
        ending = null;
        core.identity().begin();
        participants.enrolment().begin(begun);
        participants.forgotten().begin(begun);
        life.moveTo(TransactionState.IN_TRANSACTION, "begin, " + begun.protocol());
        door.open();
    }

    private Exception beginTimedOut() {
        TransactionEnding last = ending;
        if (last != null && last.calls().isUnknown()) {
            return wrongCall("begin");
        }
        return failures.beginTimedOut(life.state(), last == null ? "" : last.progress());
    }

    @Override
    public CompletableFuture<Void> sendOffsets(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        Map<TopicPartition, OffsetAndMetadata> copy = Map.copyOf(offsets);
        ProducerException refusal = door.enter();
        if (refusal != null || copy.isEmpty()) {
            door.leave();
            return refusal == null
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(failures.abortOnly(refusal));
        }
        return calls.start(
                call -> {
                    sendOffsets(copy, group, call);
                    door.leave();
                },
                call -> call.fail(failures.loopEnded()));
    }

    @EventLoopOnly
    private void sendOffsets(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group, PendingCall<Void> call) {
        OpenTransaction open = transaction;
        ProducerException failure = door.failure();
        if (open == null || failure != null || life.is(TransactionState.ABORTING)) {
            call.fail(failure == null ? failures.aborted(null) : failures.abortOnly(failure));
        } else {
            participants.offsets().send(open, offsets, group, call);
        }
    }

    @Override
    public CompletableFuture<TransactionOutcome> commit() {
        door.close(); // what the caller sends after this call is refused
        return calls.start(this::commit, this::tellLast);
    }

    @EventLoopOnly
    private void commit(PendingCall<TransactionOutcome> call) {
        TransactionEnding last = ending;
        if (life.isOpen()) {
            end(call, TransactionEnding::commit);
        } else if (last != null && (life.isEnding() || last.calls().wasUnknown())) {
            join(last, call);
        } else {
            tellFailedOrRefuse(call, "commit");
        }
    }

    @Override
    public CompletableFuture<TransactionOutcome> abort() {
        door.close();
        return calls.start(this::abort, this::tellLast);
    }

    @EventLoopOnly
    private void abort(PendingCall<TransactionOutcome> call) {
        TransactionEnding last = ending;
        if (life.isOpen()) {
            end(call, each -> each.abort(null));
        } else if (last != null && life.is(TransactionState.ABORTING)) {
            join(last, call);
        } else {
            tellFailedOrRefuse(call, "abort");
        }
    }

    private void end(PendingCall<TransactionOutcome> call, Consumer<TransactionEnding> how) {
        OpenTransaction open = transaction;
        if (open == null) {
            throw new IllegalStateException("no transaction in state " + life.state());
        }
        TransactionEnding begun = newEnding(open);
        join(begun, call);
        how.accept(begun);
    }

    private TransactionEnding newEnding(OpenTransaction open) {
        TransactionEnding[] self = new TransactionEnding[1];
        long sinceNanos = loop.nanos();
        EndingCalls waiting = new EndingCalls(
                core.settings().logPrefix(),
                () -> calls.start(call -> join(self[0], call), call -> tellLast(self[0], call)),
                outcome -> events.ended(sinceNanos - open.beganNanos(), loop.nanos() - sinceNanos, outcome));
        self[0] = new TransactionEnding(core, participants, open, waiting);
        ending = self[0];
        return self[0];
    }

    private void join(TransactionEnding what, PendingCall<TransactionOutcome> call) {
        call.within(maxBlockNanos, () -> what.timeOut(call));
        what.calls().join(call);
    }

    /** A transaction that was open when the producer failed has an outcome; otherwise the call was wrong. */
    private void tellFailedOrRefuse(PendingCall<TransactionOutcome> call, String name) {
        ProducerException failure = life.failure();
        if (failure != null && transaction != null && ending == null) {
            TransactionEnding over = newEnding(transaction);
            over.stop(failure);
            over.calls().join(call);
        } else {
            call.fail(wrongCall(name));
        }
    }

    @Override
    public TransactionState state() {
        TransactionState now = life.state();
        boolean hasFailed = now == TransactionState.IN_TRANSACTION && door.failure() != null;
        return hasFailed ? TransactionState.ABORT_ONLY : now;
    }

    @Override
    public @Nullable ProducerException enterSend() {
        return door.enter();
    }

    @Override
    public void leaveSend() {
        door.leave();
    }

    @Override
    public void recordFailed(ProducerException failure) {
        door.fail(failure);
    }

    @Override
    public CompletableFuture<Void> end() {
        return calls.start(
                call -> {
                    if (life.isOpen()) {
                        door.close();
                        abort(new PendingCall<>(calls, unused -> {}));
                    }
                    TransactionEnding last = ending;
                    if (last != null && life.isEnding()) {
                        last.calls().whenEnded(() -> call.complete(null));
                    } else {
                        call.complete(null);
                    }
                },
                call -> call.complete(null));
    }

    @Override
    public void close() {
        if (life.is(TransactionState.CLOSED)) {
            return;
        }
        loop.removeEndListener(onLoopEnd);
        door.close();
        life.moveTo(TransactionState.CLOSED, "close");
        ProducerException why = failures.closed("a transaction was under way");
        initialisation.end(why);
        participants.offsets().cancel(why);
        participants.enrolment().stop();
        participants.forgotten().stop();
        participants.renewal().cancel();
        TransactionEnding last = ending;
        if (last != null) {
            last.stop(why);
        }
        coordinators.close();
        calls.loopEnded(); // nothing else decides what is left
    }

    private void loopEnded() {
        ProducerException why = failures.loopEnded();
        life.fail(why);
        door.close();
        calls.loopEnded();
    }

    private void tellLast(PendingCall<TransactionOutcome> call) {
        TransactionEnding last = ending;
        if (last == null && transaction != null) {
            call.complete(new TransactionOutcome.Aborted(failures.loopEnded(), false));
        } else if (last == null) {
            call.fail(failures.loopEnded());
        } else {
            tellLast(last, call);
        }
    }

    private void tellLast(TransactionEnding last, PendingCall<TransactionOutcome> call) {
        if (!last.calls().tellKnown(call)) {
            last.stop(failures.loopEnded());
            last.calls().tellKnown(call);
        }
    }

    private void onSendLeft() {
        onLoop(() -> {
            if (ending != null) {
                ending.onSendLeft();
            }
        });
    }

    private void onFailure() {
        onLoop(() -> {
            ProducerException failure = door.failure();
            if (failure == null) {
                return; // another transaction has begun
            }
            if (life.is(TransactionState.IN_TRANSACTION)) {
                life.moveTo(TransactionState.ABORT_ONLY, String.valueOf(failure.getMessage()));
                records.onAdmitted(); // what waits for its partition to be added will wait no more
            } else if (ending != null) {
                ending.onFailure(failure);
            }
        });
    }

    /** Nothing is left but close: what is open ends now. */
    @EventLoopOnly
    private void onFailed(ProducerException failure) {
        door.fail(failure);
        TransactionEnding last = ending;
        if (last != null) {
            last.stop(failure);
        }
        if (loop.inEventLoop()) {
            ProducerException why = failures.abortOnly(failure);
            participants.offsets().cancel(why);
            records.failUnsent(why);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.debug("{} the event loop has ended", core.settings().logPrefix(), ended); // what waits is decided
        }
    }

    private void tellIdentity(long producerId) {
        identityListeners.forEach(listener -> listener.onIdentity(producerId));
    }

    private void failBecauseFailed(PendingCall<Void> call) {
        ProducerException failure = life.failure();
        call.fail(failure == null ? wrongCall("this") : failures.failedBefore(failure));
    }

    private IllegalStateException wrongCall(String name) {
        String remedy =
                switch (life.state()) {
                    case UNINITIALIZED -> "call init first";
                    case INITIALIZING -> "wait for init";
                    case READY -> "call begin first";
                    case IN_TRANSACTION, ABORT_ONLY -> "end the open transaction first";
                    case COMMITTING ->
                        "the outcome of the last commit is not known yet: call commit or resolve() again";
                    case ABORTING -> "the transaction is being aborted";
                    case FAILED -> "close the producer and open a new one";
                    case CLOSED -> "open a new producer";
                };
        return failures.wrongCall(name, life.state(), remedy);
    }
}
