package dev.millrace.producer.security;

/**
 * Fetches bearer tokens. Asked on a thread of its own, never on the event loop, so it may wait: before the first
 * connection, ahead of the end of the last token, and after a broker refused it. Asked by one thread at a time.
 *
 * <p>A connection keeps the token it was authenticated with until its session ends; the next authentication uses the
 * newest one.
 */
@FunctionalInterface
public interface TokenSupplier {

    /**
     * A token that has not ended.
     *
     * @throws Exception if there is none now; the last one stays in use, and the attempt is repeated after a pause
     */
    Token get() throws Exception;

    /** What messages call it; without secrets. */
    default String name() {
        return getClass().getName();
    }
}
