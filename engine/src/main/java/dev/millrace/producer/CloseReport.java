package dev.millrace.producer;

import java.util.List;

/**
 * What became of all records of a producer. {@code submitted = delivered + failed}, and every record in
 * {@code undelivered} is among the failed.
 *
 * @param submitted records accepted by {@code send} over the producer's life
 * @param delivered records acknowledged as asked for by {@code acks}
 * @param failed records whose futures failed, for whatever reason, over the producer's life
 * @param undelivered the records that were still waiting when the close timeout passed, per partition in order of send
 */
public record CloseReport(long submitted, long delivered, long failed, List<UndeliveredRecord> undelivered) {

    /** Takes an unmodifiable copy of the list. */
    public CloseReport {
        undelivered = List.copyOf(undelivered);
    }

    /** Whether nothing was left behind by the close itself. */
    public boolean isComplete() {
        return undelivered.isEmpty();
    }
}
