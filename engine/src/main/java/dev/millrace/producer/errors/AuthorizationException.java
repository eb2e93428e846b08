package dev.millrace.producer.errors;

import org.jspecify.annotations.Nullable;

/**
 * The cluster does not allow this client what it asked for. Only what needs the permission fails; once it is granted, the
 * same producer goes on without being opened anew. Known as {@code TopicAuthorizationException},
 * {@code GroupAuthorizationException}, {@code ClusterAuthorizationException} and
 * {@code TransactionalIdAuthorizationException} in Kafka.
 */
public class AuthorizationException extends ProducerException {

    private static final long serialVersionUID = 1L;

    private final transient Permission missing;

    /** With the facts a program can act on. */
    public AuthorizationException(
            String message, FailureDetails details, Permission missing, @Nullable Throwable cause) {
        super(message, details, cause);
        this.missing = missing;
    }

    /** The permission that the client would need. */
    public final Permission missing() {
        return missing;
    }
}
