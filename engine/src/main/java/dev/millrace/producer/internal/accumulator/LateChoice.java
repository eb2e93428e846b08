package dev.millrace.producer.internal.accumulator;

import org.jspecify.annotations.Nullable;

/** A partition that user code will choose once the topic is known. Any thread. */
public interface LateChoice {

    /** The partition, null until it is chosen. */
    @Nullable Integer partition();
}
