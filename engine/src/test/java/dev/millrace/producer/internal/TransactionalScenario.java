package dev.millrace.producer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.TransactionOutcome;
import dev.millrace.producer.TransactionOutcome.Aborted;
import dev.millrace.producer.TransactionOutcome.Committed;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.record.RecordBatchHeader;
import dev.millrace.producer.internal.simulation.ProduceCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What scenarios of records in transactions have in common. */
final class TransactionalScenario {

    private TransactionalScenario() {}

    static ProducerConfig.Builder smallBatches(ProducerConfig.Builder config) {
        return config.batchSize(1).requestTimeout(Duration.ofSeconds(2)).deliveryTimeout(Duration.ofSeconds(5));
    }

    static SimulatedTransactionalProducer at(int level) {
        return SimulatedTransactionalProducer.at(level, 1, TransactionalScenario::smallBatches);
    }

    static List<ProduceCall> hold(SimulatedTransactionalProducer sim) {
        List<ProduceCall> held = new ArrayList<>();
        sim.cluster.onProduce(held::add);
        return held;
    }

    static List<RecordBatchHeader> headersOf(List<ProduceCall> calls) {
        return calls.stream().map(call -> call.onlyBatch().header()).toList();
    }

    /** After whatever happened the next transaction commits, and nothing of an earlier one comes with it. */
    static void assertGoesOn(SimulatedTransactionalProducer sim, String... committed) {
        sim.cluster.onProduce(ProduceCall::appendAndAnswer);
        sim.begin();
        sim.send(0, "next");
        assertThat(sim.commit()).isInstanceOf(Committed.class);
        List<String> expected = new ArrayList<>(List.of(committed));
        expected.add("next");
        assertThat(sim.committed(0)).isEqualTo(expected);
    }

    static Throwable causeOf(TransactionOutcome outcome) {
        if (outcome instanceof Aborted aborted && aborted.confirmed() && aborted.cause() != null) {
            return aborted.cause();
        }
        throw new AssertionError("not aborted for a reason, and confirmed: " + outcome);
    }
}
