package dev.millrace.producer.observe;

import org.jspecify.annotations.Nullable;

/**
 * A record has waited for the bytes of an asynchronous serializer. Records whose bytes were there at once make no such event.
 *
 * @param topic where the record goes
 * @param waitedNanos from the call of send to the bytes, or to the end of the wait
 * @param failure what the serializer failed with, or an exception that says it has not answered; null if the bytes came
 */
public record SerializationEnd(String topic, long waitedNanos, @Nullable Throwable failure) {}
