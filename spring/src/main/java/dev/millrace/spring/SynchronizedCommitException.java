package dev.millrace.spring;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The transaction that producer transactions had joined is committed, and of those at least one is not. What it did to a
 * database stays; the records of the producers listed as aborted are not and will not be visible.
 */
public class SynchronizedCommitException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final List<Participant> participants;

    /**
     * With what became of every producer transaction, at least one of which has a failure. The first failure is the cause,
     * the others are suppressed.
     */
    public SynchronizedCommitException(List<Participant> participants, List<? extends Throwable> failures) {
        super(
                "The surrounding transaction is committed but producer transaction(s) "
                        + participants.stream()
                                .filter(participant -> participant.outcome() != Outcome.COMMITTED)
                                .map(Participant::toString)
                                .collect(Collectors.joining(", ", "[", "]"))
                        + " did not commit",
                failures.get(0));
        this.participants = List.copyOf(participants);
        failures.stream().skip(1).forEach(this::addSuppressed);
    }

    /** Every producer transaction that had joined, the committed ones too, in the order of their commits. */
    public List<Participant> getParticipants() {
        return participants;
    }

    /** What became of a producer transaction. */
    public enum Outcome {
        /** Its records are visible. */
        COMMITTED,
        /** Its records are not and will not be visible. */
        ABORTED,
        /** Nobody knows. */
        UNKNOWN
    }

    /**
     * One producer transaction.
     *
     * @param producerName the factory's name
     * @param transactionalId the id, or the producer's name if it never had one
     * @param outcome what became of it
     */
    public record Participant(String producerName, String transactionalId, Outcome outcome) implements Serializable {

        /** As in messages. */
        @Override
        public String toString() {
            return producerName + " '" + transactionalId + "': "
                    + outcome.name().toLowerCase(Locale.ROOT);
        }
    }
}
