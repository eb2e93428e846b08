package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stamps batches with the identity of the transactional id. */
@EventLoopOnly
final class TransactionalIdempotence implements Idempotence {

    private final TransactionCore core;
    private final ForgottenIdentity forgotten;
    private final Supplier<@Nullable OpenTransaction> transaction;

    TransactionalIdempotence(
            TransactionCore core, ForgottenIdentity forgotten, Supplier<@Nullable OpenTransaction> transaction) {
        this.core = core;
        this.forgotten = forgotten;
        this.transaction = transaction;
    }

    @Override
    public PartitionSequences newPartition(TopicPartition partition) {
        return core.identity().sequencesOf(partition);
    }

    @Override
    public String transactionalId() {
        return core.settings().transactionalId();
    }

    @Override
    public short produceVersionLimit() {
        OpenTransaction open = transaction.get();
        return (open == null ? Protocol.CLASSIC : open.protocol()).maxProduce();
    }

    @Override
    public void prepare() {
        // the identity is there before a transaction begins, or is being renewed
    }

    @Override
    public boolean onForgotten() {
        return forgotten.mayGoAgain();
    }

    @Override
    public String problem() {
        return ": state=" + core.life().state();
    }

    @Override
    public void close() {
        // Transactions.close ends what is asked
    }
}
