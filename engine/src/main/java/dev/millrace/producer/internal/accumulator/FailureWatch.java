package dev.millrace.producer.internal.accumulator;

import dev.millrace.producer.errors.ProducerException;

/** Hears that records fail, of each before its future and its callback do: a transaction cannot be committed around them. */
@FunctionalInterface
public interface FailureWatch {

    /** One record or all of a batch fail for this reason. Any thread. */
    void onFailing(ProducerException failure);

    /** For producers that have nothing to keep together. */
    FailureWatch NONE = failure -> {};
}
