package dev.millrace.spring;

import dev.millrace.producer.UndeliveredRecord;
import java.util.List;

/**
 * Gets what a producer could not deliver before it was closed: with the context, by a stop or a reset. The future of each of
 * these records has failed already, and a line in the log tells of the first of them; this is for whoever wants to keep
 * them. A bean of this type is used by all auto-configured producers.
 */
@FunctionalInterface
public interface UndeliveredRecords {

    /**
     * Takes records, at most once for each producer that is closed, on the thread that closes it. What it throws is logged.
     *
     * @param producerName the factory's name
     * @param records not empty, in no particular order; those of which {@link UndeliveredRecord#isSerialized} says no have no
     *     bytes to keep
     */
    void take(String producerName, List<UndeliveredRecord> records);
}
