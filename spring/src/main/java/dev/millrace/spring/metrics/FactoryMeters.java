package dev.millrace.spring.metrics;

import dev.millrace.producer.observe.BatchEnd;
import dev.millrace.producer.observe.RecordRefusal;
import dev.millrace.producer.observe.TransactionEnd;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.TransactionalProducerPool.PoolState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What all producers of a factory have in common; stays when pooled producers come and go. */
final class FactoryMeters {

    private final ProducerFactory<?, ?> factory;
    private final MeterGroup group;
    private final Tags tags;
    private final @Nullable SendTimers sends; // null if observations time them
    private final Map<TransactionEnd.Result, Transactions> transactions = new EnumMap<>(TransactionEnd.Result.class);
    private final AtomicLong failedAfterCommit = new AtomicLong();

    FactoryMeters(ProducerFactory<?, ?> factory, MeterGroup group, Tags commonTags, boolean hasSendTimer) {
        this.factory = factory;
        this.group = group;
        this.tags = commonTags.and("name", factory.getName());
        this.sends = hasSendTimer ? new SendTimers(group, commonTags, factory.getName()) : null;
    }

    void register() {
        if (factory.isTransactional()) {
            for (TransactionEnd.Result result : TransactionEnd.Result.values()) {
                transactions.put(result, new Transactions(group, tags, result));
            }
            group.define(registry -> FunctionCounter.builder(
                            "app.producer.transactions.failed.after.commit", failedAfterCommit, AtomicLong::doubleValue)
                    .description("Transactions that failed after the one they belong to was committed.")
                    .baseUnit("transactions")
                    .tags(tags)
                    .register(registry));
            pool("in.use", "Transactional producers that are lent.", PoolState::inUse);
            pool("idle", "Transactional producers that wait for a transaction.", PoolState::idle);
            pool("max", "Transactional producers there may be, 0 for no bound.", PoolState::maxProducers);
        }
    }

    MeterGroup group() {
        return group;
    }

    void batchEnded(BatchEnd batch) {
        if (sends != null) {
            sends.batchEnded(batch);
        }
    }

    void recordRefused(RecordRefusal refusal) {
        if (sends != null) {
            sends.recordRefused(refusal);
        }
    }

    void transactionEnded(TransactionEnd transaction) {
        Transactions same = transactions.get(transaction.result());
        if (same != null) {
            same.add(transaction);
        }
    }

    void transactionFailedAfterCommit() {
        failedAfterCommit.incrementAndGet();
    }

    private void pool(String name, String what, ToDoubleFunction<PoolState> value) {
        group.define(registry -> Gauge.builder(
                        "app.producer.pool." + name,
                        factory,
                        each -> value.applyAsDouble(
                                each.getTransactionalProducers().state()))
                .description(what)
                .baseUnit("producers")
                .tags(tags)
                .register(registry));
    }

    /** Transactions that ended in the same way. */
    private static final class Transactions {
        private final List<Counter> counters = new CopyOnWriteArrayList<>();
        private final Timers open;
        private final Timers ending;

        Transactions(MeterGroup group, Tags factoryTags, TransactionEnd.Result result) {
            Tags tags = factoryTags.and("outcome", result.name().toLowerCase(Locale.ROOT));
            group.define(registry -> {
                Counter counter = Counter.builder("app.producer.transactions")
                        .description("Transactions that have ended.")
                        .baseUnit("transactions")
                        .tags(tags)
                        .register(registry);
                counters.add(counter);
                return counter;
            });
            open = new Timers(group, "app.producer.transactions.open", "Time from begin to commit or abort.", tags);
            ending = new Timers(group, "app.producer.transactions.ending", "Time of commits and aborts.", tags);
        }

        void add(TransactionEnd transaction) {
            counters.forEach(Counter::increment);
            open.record(transaction.openNanos());
            ending.record(transaction.endingNanos());
        }
    }
}
