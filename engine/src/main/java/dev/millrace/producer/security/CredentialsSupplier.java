package dev.millrace.producer.security;

/**
 * Knows the user and the password now. Asked on a thread of its own, never on the event loop, so it may wait: before the
 * first connection, after it has told a change, and after a broker refused what it gave last. In between the last answer
 * counts. Its code must be thread-safe.
 *
 * <p>Two producers share connections' threads and the view of the cluster only if they have the same supplier, see
 * {@link Object#equals}.
 */
@FunctionalInterface
public interface CredentialsSupplier {

    /**
     * The credentials to use from now on.
     *
     * @throws Exception if there are none now; what was used before stays in use, and the attempt is repeated
     */
    UserCredentials get() throws Exception;

    /**
     * Has the listener called whenever {@link #get} would give something else: new connections use it at once, connections
     * that were made with the old password are replaced one after the other, and a pause after refused credentials ends.
     * Called once; the default never tells a change.
     *
     * @param listener may be called by any thread, and returns at once
     * @return ends the calls
     */
    default AutoCloseable onChange(Runnable listener) {
        return () -> {};
    }

    /** What messages call it; without secrets. */
    default String name() {
        return getClass().getName();
    }

    /** Always the same. */
    static CredentialsSupplier of(UserCredentials credentials) {
        return new FixedCredentials(credentials);
    }
}
