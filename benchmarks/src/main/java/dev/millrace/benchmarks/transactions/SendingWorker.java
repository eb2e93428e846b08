package dev.millrace.benchmarks.transactions;

import dev.millrace.benchmarks.Pace;
import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionState;
import dev.millrace.producer.TransactionalProducer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Sends transactions one after the other under its own transactional id, and writes down what became of each before it begins
 * the next.
 */
final class SendingWorker implements Callable<Void> {

    /** Every so many transactions one is aborted on purpose. */
    private static final int ABORTED = 16;
    /** Every so many transactions one carries offsets. */
    private static final int WITH_OFFSETS = 4;

    private final Plan plan;
    private final int worker;

    /** What all workers of the application have in common. */
    record Plan(String bootstrapServers, Path directory, int transactions, int perSecond) {}

    SendingWorker(Plan plan, int worker) {
        this.plan = plan;
        this.worker = worker;
    }

    static String transactionalId(int worker) {
        return "endurance-" + worker;
    }

    /** The group whose progress travels with the transactions. */
    static String group(int worker) {
        return "endurance-group-" + worker;
    }

    static boolean hasOffsets(int number) {
        return number % WITH_OFFSETS == 0;
    }

    @Override
    public Void call() throws IOException {
        // Shorter than the loss of a coordinator takes: outcomes are unknown, and have to be resolved.
        ProducerConfig config = ProducerConfig.builder()
                .bootstrapServers(plan.bootstrapServers())
                .transactionalId(transactionalId(worker))
                .maxBlock(Duration.ofSeconds(5))
                .deliveryTimeout(Duration.ofSeconds(30))
                .requestTimeout(Duration.ofSeconds(5))
                .build();
        try (Journal journal = Journal.open(plan.directory(), worker);
                TransactionalProducer<byte[], byte[]> producer = Producers.builder(
                                config, Serializers.bytes(), Serializers.bytes())
                        .openTransactional()) {
            untilItWorks(producer, producer::init);
            Pace pace = new Pace(plan.perSecond());
            for (int number = journal.next(); number < plan.transactions(); number++) {
                pace.await(number - journal.next());
                untilItWorks(producer, producer::begin);
                journal.write(Fate.BEGUN, number);
                send(producer, number);
                TransactionOutcome outcome = number % ABORTED == ABORTED - 1
                        ? producer.abortAsync().join()
                        : producer.commitAsync().join();
                settle(outcome, number, journal);
            }
        }
        return null;
    }

    /** What did not work in time may work the next time, as long as the producer has not failed. */
    private static void untilItWorks(TransactionalProducer<?, ?> producer, Runnable attempt) {
        while (true) {
            try {
                attempt.run();
                return;
            } catch (ProducerException e) {
                if (producer.state() == TransactionState.FAILED) {
                    throw e;
                }
            }
        }
    }

    /** Nobody looks at the futures: the commit does. */
    private void send(TransactionalProducer<byte[], byte[]> producer, int number) {
        for (int index = 0; index < SentRecord.PER_TRANSACTION; index++) {
            SentRecord record = new SentRecord(worker, number, index);
            CompletableFuture<RecordMetadata> unused =
                    producer.send(new ProducerRecord<>(record.topic(), null, record.value()));
        }
        if (hasOffsets(number)) {
            CompletableFuture<Void> unused = producer.sendOffsetsAsync(
                    Map.of(new TopicPartition(SentRecord.TOPICS.get(0), 0), new OffsetAndMetadata(number + 1)),
                    new ConsumerGroupMetadata(group(worker)));
        }
    }

    private static void settle(TransactionOutcome outcome, int number, Journal journal) throws IOException {
        TransactionOutcome current = outcome;
        while (current instanceof TransactionOutcome.Unknown unknown) {
            journal.write(Fate.UNKNOWN, number);
            current = unknown.resolve().join();
        }
        if (current instanceof TransactionOutcome.Fenced fenced) {
            journal.write(Fate.FENCED, number);
            throw fenced.cause();
        }
        journal.write(current instanceof TransactionOutcome.Committed ? Fate.COMMITTED : Fate.ABORTED, number);
    }
}
