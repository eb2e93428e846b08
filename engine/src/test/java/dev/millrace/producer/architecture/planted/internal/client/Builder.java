package dev.millrace.producer.architecture.planted.internal.client;

import dev.millrace.producer.internal.accumulator.BufferPool;

/** Builds a part outside the assembly. */
public final class Builder {
    private Builder() {}

    /** The violation. */
    public static BufferPool planted() {
        return new BufferPool(1);
    }
}
