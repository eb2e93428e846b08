package dev.millrace.spring;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.InvalidIsolationLevelException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.SmartTransactionObject;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Transactions of one producer factory as {@code @Transactional} and {@code TransactionTemplate} know them. A producer is
 * taken with the first record: a method that sends nothing costs nothing.
 *
 * <p>What {@code commit} throws: {@link UnexpectedRollbackException} if the transaction was aborted because something of it
 * failed, with that as cause; {@link TransactionTimedOutException} if that was its time; {@link TransactionSystemException}
 * if the producer was fenced or refused for good, with a {@link ProducerTransactionFailedException} as cause; {@link
 * TransactionOutcomeUnknownException} if nobody answered. A rollback throws nothing, so that what led to it is not lost:
 * what prevents its confirmation is logged.
 *
 * <p>A database takes no part in these transactions, and nothing is synchronized with them: a
 * {@code @TransactionalEventListener} does not hear of them, and a resource like a JPA session does not take them for a
 * transaction of its own. The other way round, sends join transactions of other managers by themselves. Not supported:
 * nested transactions, isolation levels. A read-only transaction may send.
 */
public class ProducerTransactionManager extends AbstractPlatformTransactionManager
        implements ResourceTransactionManager {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerTransactionManager.class);

    private final ProducerFactory<?, ?> producerFactory;
    private final LongSupplier nanoTime;
    private final AtomicBoolean isJoiningTold = new AtomicBoolean();
    private final AtomicBoolean isCappingTold = new AtomicBoolean();

    /**
     * Over a transactional factory; opens nothing.
     *
     * @throws TransactionsNotEnabledException if the factory is not transactional
     */
    public ProducerTransactionManager(ProducerFactory<?, ?> producerFactory) {
        this(producerFactory, System::nanoTime);
    }

    /** With another clock. */
    ProducerTransactionManager(ProducerFactory<?, ?> producerFactory, LongSupplier nanoTime) {
        this.producerFactory = Objects.requireNonNull(producerFactory, "producerFactory must not be null");
        this.nanoTime = nanoTime;
        if (!producerFactory.isTransactional()) {
            throw new TransactionsNotEnabledException(producerFactory.getName());
        }
        setTransactionSynchronization(SYNCHRONIZATION_NEVER);
    }

    /** The factory whose producers do the transactions. */
    public ProducerFactory<?, ?> getProducerFactory() {
        return producerFactory;
    }

    @Override
    public Object getResourceFactory() {
        return producerFactory;
    }

    @Override
    protected Object doGetTransaction() {
        return new Scope(SpringThreadTransactions.bound(producerFactory));
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
        return ((Scope) transaction).transaction != null;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        if (definition.getIsolationLevel() != TransactionDefinition.ISOLATION_DEFAULT) {
            throw new InvalidIsolationLevelException("Producer '" + producerFactory.getName()
                    + "' has no isolation levels; leave isolation at its default: what consumers see is up to their"
                    + " isolation.level");
        }
        ProducerTransaction<?, ?> begun = ProducerTransaction.managed(producerFactory, deadline(definition));
        TransactionSynchronizationManager.bindResource(producerFactory, begun);
        ((Scope) transaction).transaction = begun;
    }

    private TransactionDeadline deadline(TransactionDefinition definition) {
        TransactionDeadline deadline = new TransactionDeadline(nanoTime, TransactionTimedOutException::new);
        int seconds = determineTimeout(definition);
        if (seconds != TransactionDefinition.TIMEOUT_DEFAULT) {
            Duration asked = Duration.ofSeconds(seconds);
            Duration most = producerFactory.getTransactionSettings().timeout();
            if (asked.compareTo(most) > 0) {
                tellCapping(asked, most);
                deadline.start("app.producer.transaction.timeout", most);
            } else {
                deadline.start("timeout", asked);
            }
        }
        return deadline;
    }

    private void tellCapping(Duration asked, Duration most) {
        if (isCappingTold.compareAndSet(false, true)) {
            LOGGER.warn(
                    "[producer={}] a transaction asks for a timeout of {} ms and gets {} ms: the coordinator would abort it"
                            + " then; raise app.producer.transaction.timeout if it needs more",
                    producerFactory.getName(),
                    asked.toMillis(),
                    most.toMillis());
        }
    }

    /** Told of every scope, with its definition, also of those that take part in what is there. */
    @Override
    protected void prepareSynchronization(DefaultTransactionStatus status, TransactionDefinition definition) {
        super.prepareSynchronization(status, definition);
        if (status.hasTransaction()
                && !status.isNewTransaction()
                && definition.getPropagationBehavior() == TransactionDefinition.PROPAGATION_REQUIRED
                && transaction(status).isJoined()
                && isJoiningTold.compareAndSet(false, true)) {
            LOGGER.warn(
                    "[producer={}] a transaction with REQUIRED does not commit by itself: something was sent before in the"
                            + " transaction of another manager, and it is part of that now; use REQUIRES_NEW if it must"
                            + " commit first",
                    producerFactory.getName());
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        ProducerOperationException failure = transaction(status).commit().failure();
        if (failure instanceof TransactionOutcomeUnknownException unknown) {
            ((Scope) status.getTransaction()).unknown = unknown;
            throw unknown;
        }
        if (failure instanceof TransactionAbortedException aborted) {
            throw rolledBack(aborted);
        }
        if (failure != null) {
            throw new TransactionSystemException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static RuntimeException rolledBack(TransactionAbortedException aborted) {
        Throwable cause = aborted.getCause();
        if (cause instanceof TransactionTimedOutException timedOut) {
            return timedOut;
        }
        RuntimeException rolledBack =
                new UnexpectedRollbackException(String.valueOf(aborted.getMessage()), cause == null ? aborted : cause);
        for (Throwable further : aborted.getSuppressed()) {
            rolledBack.addSuppressed(further);
        }
        return rolledBack;
    }

    /** Spring asks for this also after a commit that threw: then there is nothing left to do, nor to claim. */
    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        TransactionOutcomeUnknownException unknown = ((Scope) status.getTransaction()).unknown;
        if (unknown != null) {
            throw unknown;
        }
        ProducerTransaction<?, ?> ending = transaction(status);
        String id = ending.transactionalId();
        ProducerOperationException unconfirmed = ending.abort();
        if (unconfirmed != null) {
            LOGGER.warn(
                    "[producer={} txn={}] {}", producerFactory.getName(), id, unconfirmed.getMessage(), unconfirmed);
        }
    }

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {
        transaction(status).setRollbackOnlyByParticipant();
    }

    /** A joined transaction has been taken away already, with the synchronizations it belongs to. */
    @Override
    protected Object doSuspend(Object transaction) {
        ((Scope) transaction).transaction = null;
        return new Suspended(TransactionSynchronizationManager.unbindResourceIfPossible(producerFactory));
    }

    @Override
    protected void doResume(@Nullable Object transaction, Object suspended) {
        Object bound = ((Suspended) suspended).bound();
        if (bound != null) {
            TransactionSynchronizationManager.bindResource(producerFactory, bound);
        }
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        TransactionSynchronizationManager.unbindResourceIfPossible(producerFactory);
    }

    private static ProducerTransaction<?, ?> transaction(DefaultTransactionStatus status) {
        return ((Scope) status.getTransaction()).transaction();
    }

    /** What was bound; null if nothing was. */
    private record Suspended(@Nullable Object bound) {}

    /** What one call between {@code getTransaction} and its end stands on. */
    private static final class Scope implements SmartTransactionObject {

        private @Nullable ProducerTransaction<?, ?> transaction; // null before it begins
        private @Nullable TransactionOutcomeUnknownException unknown; // null if the outcome is known, or not tried yet

        Scope(@Nullable ProducerTransaction<?, ?> transaction) {
            this.transaction = transaction;
        }

        ProducerTransaction<?, ?> transaction() {
            return Objects.requireNonNull(transaction, "no transaction has begun");
        }

        @Override
        public boolean isRollbackOnly() {
            return transaction != null && transaction.isRollbackOnlyByParticipant();
        }

        @Override
        public void flush() {
            // records are on their way; the commit waits for them
        }
    }
}
