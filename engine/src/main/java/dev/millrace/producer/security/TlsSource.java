package dev.millrace.producer.security;

/**
 * Where the TLS material of a producer comes from. {@link TlsSources} has those that are built in. Two producers share
 * connections' material only if their sources are equal.
 *
 * <p>Called on the thread that opens a producer, and later on a thread of the cluster's own; never on the event loop.
 */
@FunctionalInterface
public interface TlsSource {

    /**
     * The material as it is now. May block.
     *
     * @throws Exception if there is none that can be used; a producer is not opened then, or keeps what it has. The message
     *     is shown to a human and must contain no secret
     */
    TlsMaterial load() throws Exception;

    /**
     * Calls the listener whenever {@link #load} would give something else, on any thread, until the result is closed. The
     * default is a source that never changes.
     *
     * @param listener must not be called from within this call
     */
    default AutoCloseable onChange(Runnable listener) {
        return () -> {};
    }
}
