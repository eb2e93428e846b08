package dev.millrace.producer.architecture.planted.errors;

import dev.millrace.producer.internal.time.Backoff;

/** A public package that uses an internal one. */
public interface LooksInside {
    /** The violation. */
    Backoff planted();
}
