package dev.millrace.autoconfigure;

import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.TransactionSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells at start which transactional ids the instance has, or that it has none though that may not be meant. */
final class TransactionIdsLog {

    private static final Logger LOGGER = LoggerFactory.getLogger(TransactionIdsLog.class);

    private TransactionIdsLog() {}

    static void write(TransactionSettings settings, TransactionIdStrategy strategy) {
        if (settings.instanceId().isEmpty()) {
            LOGGER.warn(
                    "Transactional ids of this instance: {}; another running instance would have the same, and each would"
                            + " end the other's transactions. If there can be two, set {} to what is different in each and"
                            + " the same after a restart",
                    ids(settings, strategy),
                    PropertyTransactions.INSTANCE_ID);
        } else {
            LOGGER.info("Transactional ids of this instance: {}", ids(settings, strategy));
        }
    }

    private static String ids(TransactionSettings settings, TransactionIdStrategy strategy) {
        String first = id(settings, strategy, 0);
        return switch (settings.maxProducers()) {
            case 0 -> first + ", " + id(settings, strategy, 1) + " and so on";
            case 1 -> first;
            default -> first + " to " + id(settings, strategy, settings.maxProducers() - 1);
        };
    }

    private static String id(TransactionSettings settings, TransactionIdStrategy strategy, int slot) {
        return strategy.transactionalId(settings.idPrefix(), settings.instanceId(), slot);
    }

    /** For a placeholder that came to nothing. */
    static void writeDisabled() {
        LOGGER.warn(
                "{} is blank, so nothing is sent in transactions; give it text, remove it, or set {}=false",
                PropertyTransactions.ID_PREFIX,
                PropertyTransactions.ENABLED);
    }
}
