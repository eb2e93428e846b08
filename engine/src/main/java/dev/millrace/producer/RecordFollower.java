package dev.millrace.producer;

import org.jspecify.annotations.Nullable;

/**
 * Goes along with each record of a {@code sendAll}, for whoever has to know of them one by one, as tracing does. Must be safe
 * for use by several threads if it is given to several calls.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
@FunctionalInterface
public interface RecordFollower<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * A record was read from the source and is about to be sent. Called once for each, on the thread that reads the source,
     * before interceptors and serializers; what it throws ends the reading as a source that throws does.
     */
    Followed<K, V> follow(ProducerRecord<K, V> record);

    /**
     * One record on its way. Told of its end before the result of {@code sendAll} counts it, unless it was {@link #dropped}.
     *
     * @param <K> type of the key
     * @param <V> type of the value
     */
    interface Followed<K extends @Nullable Object, V extends @Nullable Object> extends SendCallback {

        /** What to send: the record from the source, or one in its place. */
        ProducerRecord<K, V> record();

        /**
         * Runs a step of the sending, here and now: interceptors and serializers are called in it. There is more than one if
         * the record has to wait for buffer space.
         */
        default void run(Runnable step) {
            step.run();
        }

        /** The sending has ended before there was space for the record. */
        default void dropped() {}
    }
}
