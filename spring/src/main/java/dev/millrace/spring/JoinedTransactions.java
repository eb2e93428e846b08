package dev.millrace.spring;

import dev.millrace.spring.SynchronizedCommitException.Participant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * All producer transactions that joined the current transaction of another manager. They are delivered before it commits,
 * when everybody else has had a chance to send, and committed right after it, before anybody else can fail: two
 * synchronizations, one at each end of the order.
 */
final class JoinedTransactions {

    private static final Logger LOGGER = LoggerFactory.getLogger(JoinedTransactions.class);

    private final List<ProducerTransaction<?, ?>> transactions = new ArrayList<>();
    private final List<ProducerTransaction<?, ?>> suspended = new ArrayList<>();
    private final @Nullable ApplicationEventPublisher events; // null for none

    private JoinedTransactions(@Nullable ApplicationEventPublisher events) {
        this.events = events;
    }

    /** Those of the current thread, bound and registered with the first one. */
    static JoinedTransactions current(@Nullable ApplicationEventPublisher events) {
        JoinedTransactions bound =
                (JoinedTransactions) TransactionSynchronizationManager.getResource(JoinedTransactions.class);
        if (bound == null) {
            bound = new JoinedTransactions(events);
            TransactionSynchronizationManager.registerSynchronization(bound.new Deliverer());
            TransactionSynchronizationManager.registerSynchronization(bound.new Completer());
            TransactionSynchronizationManager.bindResource(JoinedTransactions.class, bound);
        }
        return bound;
    }

    <K extends @Nullable Object, V extends @Nullable Object> ProducerTransaction<K, V> join(
            ProducerFactory<K, V> factory) {
        ProducerTransaction<K, V> joining = ProducerTransaction.joined(
                factory, new TransactionDeadline(System::nanoTime, TransactionTimedOutException::new));
        TransactionSynchronizationManager.bindResource(factory, joining);
        transactions.add(joining);
        return joining;
    }

    private void suspend() {
        for (ProducerTransaction<?, ?> transaction : transactions) {
            // not there while a local transaction takes its place
            if (TransactionSynchronizationManager.getResource(transaction.factory()) == transaction) {
                TransactionSynchronizationManager.unbindResource(transaction.factory());
                suspended.add(transaction);
            }
        }
        TransactionSynchronizationManager.unbindResourceIfPossible(JoinedTransactions.class);
    }

    private void resume() {
        TransactionSynchronizationManager.bindResource(JoinedTransactions.class, this);
        suspended.forEach(
                transaction -> TransactionSynchronizationManager.bindResource(transaction.factory(), transaction));
        suspended.clear();
    }

    private void unbind() {
        for (ProducerTransaction<?, ?> transaction : transactions) {
            if (TransactionSynchronizationManager.getResource(transaction.factory()) == transaction) {
                TransactionSynchronizationManager.unbindResource(transaction.factory());
            }
        }
        if (TransactionSynchronizationManager.getResource(JoinedTransactions.class) == this) {
            TransactionSynchronizationManager.unbindResource(JoinedTransactions.class);
        }
    }

    /** What is thrown here rolls the other transaction back. */
    private void deliver() {
        for (ProducerTransaction<?, ?> transaction : transactions) {
            transaction.deliver();
        }
    }

    private void commitAll() {
        unbind(); // what is sent from here on is not part of a transaction that is over
        List<Participant> participants = new ArrayList<>();
        List<ProducerOperationException> failures = new ArrayList<>();
        for (ProducerTransaction<?, ?> transaction : takeAll()) {
            TransactionEnd end = transaction.commit();
            participants.add(new Participant(transaction.factory().getName(), end.transactionalId(), end.outcome()));
            if (end.failure() != null) {
                failures.add(end.failure());
            }
        }
        if (!failures.isEmpty()) {
            throw new SynchronizedCommitException(participants, failures);
        }
    }

    private List<ProducerTransaction<?, ?>> takeAll() {
        List<ProducerTransaction<?, ?>> taken = List.copyOf(transactions);
        transactions.clear();
        return taken;
    }

    private void complete(int status) {
        unbind();
        for (ProducerTransaction<?, ?> transaction : takeAll()) {
            if (status == TransactionSynchronization.STATUS_COMMITTED) {
                commitLate(transaction);
            } else {
                abort(transaction, status);
            }
        }
    }

    /** Sent after the commit, or somebody else kept us from committing in time: nobody hears exceptions now. */
    private void commitLate(ProducerTransaction<?, ?> transaction) {
        TransactionEnd end = transaction.commit();
        ProducerOperationException failure = end.failure();
        if (failure != null) {
            String name = transaction.factory().getName();
            LOGGER.error(
                    "[producer={} txn={}] records sent after the commit of the surrounding transaction are not committed;"
                            + " use REQUIRES_NEW or executeInTransaction there to hear of it",
                    name,
                    end.transactionalId(),
                    failure);
            publish(new ProducerTransactionFailedEvent(name, failure));
        }
    }

    private void publish(ProducerTransactionFailedEvent event) {
        if (events != null) {
            try {
                events.publishEvent(event);
            } catch (RuntimeException broken) {
                LOGGER.warn("[producer={}] a listener of {} failed", event.producerName(), event, broken);
            }
        }
    }

    private static void abort(ProducerTransaction<?, ?> transaction, int status) {
        String name = transaction.factory().getName();
        String id = transaction.transactionalId();
        if (status == TransactionSynchronization.STATUS_UNKNOWN) {
            LOGGER.error(
                    "[producer={} txn={}] aborting: nobody knows whether the surrounding transaction is committed; if it is,"
                            + " its records are missing",
                    name,
                    id);
        }
        ProducerOperationException unconfirmed = transaction.abort();
        if (unconfirmed != null) {
            LOGGER.warn("[producer={} txn={}] {}", name, id, unconfirmed.getMessage(), unconfirmed);
        }
    }

    /** Comes last before the commit. */
    private final class Deliverer implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            deliver();
        }
    }

    /** Comes first after the commit. */
    private final class Completer implements TransactionSynchronization, Ordered {

        @Override
        public int getOrder() {
            return Ordered.HIGHEST_PRECEDENCE;
        }

        @Override
        public void suspend() {
            JoinedTransactions.this.suspend();
        }

        @Override
        public void resume() {
            JoinedTransactions.this.resume();
        }

        @Override
        public void afterCommit() {
            commitAll();
        }

        @Override
        public void afterCompletion(int status) {
            complete(status);
        }
    }
}
