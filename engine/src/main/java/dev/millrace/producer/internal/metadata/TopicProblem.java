package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.errors.ErrorCode;
import java.util.Locale;

/**
 * Why a topic cannot be used. Gone with the next answer that has no error for it. Immutable; any thread.
 *
 * @param topic the topic
 * @param error what the cluster said last
 * @param attempts how many answers in a row had an error for it
 * @param sinceNanos when the first of them arrived, on the event loop's clock
 */
public record TopicProblem(String topic, ErrorCode error, int attempts, long sinceNanos) {

    /** In one line, for an error message. */
    public String describe() {
        return "topic '" + topic + "' " + inWords() + " (" + error + ", " + attempts
                + (attempts == 1 ? " attempt)" : " attempts)");
    }

    private String inWords() {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION -> "does not exist";
            case LEADER_NOT_AVAILABLE -> "has no leader yet";
            case INVALID_TOPIC_EXCEPTION -> "has a name the cluster refuses";
            case TOPIC_AUTHORIZATION_FAILED -> "is not permitted to this client";
            default ->
                "cannot be used: " + error.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    /** Whether waiting does not help: the name is invalid or the client has no permission. */
    public boolean isFinal() {
        return !error.isRetriable();
    }
}
