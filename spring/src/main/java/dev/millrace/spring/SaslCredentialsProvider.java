package dev.millrace.spring;

import dev.millrace.producer.security.UserCredentials;

/**
 * Knows the users and passwords of the application's producers, such as those of a vault. A bean of this type is asked on a
 * thread of its own, so it may wait: before the first connection, after it has told a change, and after a broker refused what
 * it gave last.
 */
@FunctionalInterface
public interface SaslCredentialsProvider {

    /**
     * The credentials to use from now on.
     *
     * @param producer name under {@code app.producer.instance}, empty for the default producer
     * @throws Exception if there are none now; what was used before stays in use, and the attempt is repeated. Its message is
     *     shown to a human and must contain no secret
     */
    UserCredentials getCredentials(String producer) throws Exception;

    /**
     * Has the listener called whenever {@link #getCredentials} would give something else. Connections made with the old
     * password are then replaced one after the other. The default never tells a change.
     *
     * @param listener may be called by any thread, and returns at once
     * @return ends the calls
     */
    default AutoCloseable onChange(Runnable listener) {
        return () -> {};
    }
}
