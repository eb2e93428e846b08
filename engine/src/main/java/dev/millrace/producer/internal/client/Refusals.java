package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.client.InterceptorChain.Followed;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.observe.RecordRefusal;
import java.util.concurrent.RejectedExecutionException;

/** Records that fail before they got anywhere: who hears of them, and how many they were. Callers' threads. */
final class Refusals {

    private final AcceptFailures failures;
    private final Completions completions;
    private final PatientAppend appends;
    private final ObserverRelay observer;

    private final Object refusing = new Object();
    private long refused; // guarded by refusing
    private boolean closed; // guarded by refusing

    Refusals(ClientParts parts, AcceptFailures failures, PatientAppend appends) {
        this.failures = failures;
        this.completions = parts.completions();
        this.appends = appends;
        this.observer = parts.observer();
    }

    /**
     * Fails a record. Without a callback its future has failed when this returns.
     *
     * @throws IllegalStateException if the producer closed meanwhile
     */
    void refuse(ProducerRecord<?, ?> record, RecordCompletion completion, ProducerException why, Patience patience) {
        int partition = partitionNamedBy(record);
        completions.announceRefusal(why);
        if (completion.hasCallback()) {
            appends.awaitCallbacks(patience);
        }
        synchronized (refusing) {
            if (closed) {
                throw failures.closed();
            }
            refused++;
            if (completion.hasCallback()) {
                completions.refuse(record.topic(), partition, completion, why);
            }
            tellObserver(record.topic(), partition, why);
        }
        if (!completion.hasCallback()) {
            completion.fail(record.topic(), partition, why);
        }
    }

    /** The interceptors hear of the end of a record nothing else will tell them of; the user does not. */
    void tellInterceptors(Followed<?, ?> followed, ProducerException failure) {
        ProducerRecord<?, ?> record = followed.record();
        RecordCompletion told = new RecordCompletion(followed.withoutUser());
        try {
            completions.refuse(record.topic(), partitionNamedBy(record), told, failure);
        } catch (RejectedExecutionException e) {
            told.fail(record.topic(), partitionNamedBy(record), failure); // nothing is delivered any more
        }
    }

    /** How many there were. */
    long count() {
        synchronized (refusing) {
            return refused;
        }
    }

    /** From here on a record that would be refused is not taken at all: the producer counts what there was. */
    void close() {
        synchronized (refusing) {
            closed = true;
        }
    }

    private void tellObserver(String topic, int partition, ProducerException failure) {
        if (observer.isActive()) {
            RecordRefusal refusal = new RecordRefusal(topic, partition, failure);
            observer.tell(to -> to.onRecordRefused(refusal));
        }
    }

    private static int partitionNamedBy(ProducerRecord<?, ?> record) {
        Integer chosen = record.partition();
        return chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
    }
}
