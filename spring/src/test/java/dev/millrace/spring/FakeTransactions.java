package dev.millrace.spring;

import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What is committed, by whom, and what is going to go wrong: the cluster of {@link FakeTransactionalProducer}. */
final class FakeTransactions {

    /** A record with this value cannot be serialized. */
    static final String POISON = "poison";

    /** Failures of one kind of call, first come, first served. */
    static final class Script {

        private final Queue<RuntimeException> failures = new ArrayDeque<>();

        void fail(RuntimeException... next) {
            failures.addAll(List.of(next));
        }

        void run(FakeTransactionalProducer caller) {
            RuntimeException failure = failures.poll();
            if (failure != null) {
                throw failure;
            }
        }
    }

    final Script opens = new Script();
    final Script inits = new Script();
    final Script begins = new Script();
    final Script offsetSends = new Script();
    final Queue<CompletableFuture<TransactionOutcome>> commits = new ArrayDeque<>();
    final Queue<CompletableFuture<TransactionOutcome>> aborts = new ArrayDeque<>();
    final List<ProducerRecord<String, String>> log = new CopyOnWriteArrayList<>();
    final Map<TopicPartition, OffsetAndMetadata> offsets = new ConcurrentHashMap<>();
    final List<FakeTransactionalProducer> opened = new CopyOnWriteArrayList<>();
    final FakeProducer<String, String> shared = new FakeProducer<>();

    volatile CompletableFuture<Void> writable = new CompletableFuture<>();
    volatile boolean isFull;
    /** Records end at the next flush or commit only. */
    volatile boolean holdsRecords;
    /** How records that were held end. */
    volatile @Nullable ProducerException deliveryFailure;

    volatile @Nullable CompletableFuture<Void> stuckFlush;

    static TransactionSettings.Builder settings() {
        return TransactionSettings.builder("orders-");
    }

    static ProducerException failure(String message) {
        return new ProducerException(message, FailureDetails.local(Stage.NONE, Recovery.RETRY), null);
    }

    static TransactionOutcome.Unknown unknown(TransactionOutcome resolved) {
        return new TransactionOutcome.Unknown() {

            @Override
            public ProducerException cause() {
                return failure("the coordinator is silent");
            }

            @Override
            public CompletableFuture<TransactionOutcome> resolve() {
                return CompletableFuture.completedFuture(resolved);
            }
        };
    }

    /** Unknown, however often it is asked for. */
    static TransactionOutcome.Unknown unknownForGood() {
        return new TransactionOutcome.Unknown() {

            @Override
            public ProducerException cause() {
                return failure("the coordinator is silent");
            }

            @Override
            public CompletableFuture<TransactionOutcome> resolve() {
                return CompletableFuture.completedFuture(this);
            }
        };
    }

    DefaultProducerFactory<String, String> factory(TransactionSettings settings) {
        return factory(settings, PoolTimer.SYSTEM);
    }

    DefaultProducerFactory<String, String> factory(TransactionSettings settings, PoolTimer timer) {
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                ProducerConfig.builder().bootstrapServers("broker:9092").build(),
                plugIns -> shared,
                (given, id, slot, plugIns) -> open(id),
                timer);
        factory.setTransactionSettings(settings);
        return factory;
    }

    FakeTransactionalProducer open(String id) {
        FakeTransactionalProducer producer = new FakeTransactionalProducer(this, id);
        opens.run(producer);
        opened.add(producer);
        return producer;
    }

    /** Values that consumers see which read committed records. */
    List<String> committed() {
        return log.stream().map(record -> String.valueOf(record.value())).toList();
    }

    FakeTransactionalProducer only() {
        if (opened.size() != 1) {
            throw new AssertionError("expected one producer: " + opened.size());
        }
        return opened.get(0);
    }

    @Nullable ProducerException refusal(ProducerRecord<String, String> record) {
        return POISON.equals(record.value()) ? failure("value cannot be serialized") : null;
    }
}
