package dev.millrace.benchmarks.run;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import org.apache.kafka.clients.producer.Callback;
import org.jspecify.annotations.Nullable;

/** What hears of a record's end, from every kind of candidate, so that none needs an adapter for each record. */
abstract class Outcome implements SendCallback, Callback {

    /** The record has been acknowledged, or has failed. */
    abstract void ended(boolean failed);

    @Override
    public final void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
        ended(failure != null);
    }

    @Override
    public final void onCompletion(
            org.apache.kafka.clients.producer.@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        ended(failure != null);
    }
}
