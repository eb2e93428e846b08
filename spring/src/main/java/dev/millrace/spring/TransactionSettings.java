package dev.millrace.spring;

import java.time.Duration;
import java.util.Objects;

/**
 * How a producer factory does transactions. Immutable; for what is not set there are defaults.
 *
 * @param idPrefix what the transactional ids begin with; has text
 * @param instanceId what tells the ids of this instance of the application from those of others; empty for nothing, which
 *     is right if the prefix itself differs
 * @param timeout {@code transaction.timeout.ms}: when the coordinator aborts a transaction that has not ended
 * @param maxProducers the most producers at a time, which is the most transactions at a time; 0 for no bound
 * @param acquireTimeout how long a transaction waits for a producer if there is a bound
 * @param producerMaxAge when a producer is replaced, at its return or next use; below the time after which brokers forget an
 *     id, which is {@code transactional.id.expiration.ms}, 7 days
 * @param producerMaxIdle when a producer nobody has used is closed
 * @param synchronization whether sends within a transaction of another manager join it
 * @param flushBeforeCommit whether a joined transaction lets the other one commit only after its own records are delivered
 * @param flushTimeout the longest wait for that; the other transaction is open meanwhile
 * @param commitTimeout the longest wait for a commit before its outcome is called unknown; not below {@code max-block} if
 *     the engine is to have its say
 */
public record TransactionSettings(
        String idPrefix,
        String instanceId,
        Duration timeout,
        int maxProducers,
        Duration acquireTimeout,
        Duration producerMaxAge,
        Duration producerMaxIdle,
        Synchronization synchronization,
        boolean flushBeforeCommit,
        Duration flushTimeout,
        Duration commitTimeout) {

    /** What a send within a transaction of another manager does. */
    public enum Synchronization {
        /** It joins: the records are committed after the other transaction, or aborted with it. */
        AUTO,
        /** It needs a transaction of the producer's own. */
        NEVER
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the prefix is blank, a number negative, or a time that must pass is zero
     */
    public TransactionSettings {
        Objects.requireNonNull(synchronization, "synchronization must not be null");
        if (idPrefix.isBlank()) {
            throw new IllegalArgumentException(
                    "transaction id prefix must have text: instances that share the ids 0, 1, …"
                            + " fence each other; give a prefix of this application");
        }
        if (maxProducers < 0) {
            throw new IllegalArgumentException(
                    "max producers must not be negative: " + maxProducers + "; 0 is no bound");
        }
        requirePositive("transaction timeout", timeout);
        requireNotNegative("acquire timeout", acquireTimeout);
        requirePositive("producer max age", producerMaxAge);
        requirePositive("producer max idle", producerMaxIdle);
        requirePositive("flush timeout", flushTimeout);
        requirePositive("commit timeout", commitTimeout);
    }

    /** A builder with all defaults, for ids that begin like this. */
    public static Builder builder(String idPrefix) {
        return new Builder(idPrefix);
    }

    private static void requireNotNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative: " + value.toMillis() + " ms");
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " must be positive: " + value.toMillis() + " ms");
        }
    }

    /** Collects settings; {@link #build()} checks them. Not thread-safe. */
    public static final class Builder {

        private final String idPrefix;
        private String instanceId = "";
        private Duration timeout = Duration.ofSeconds(60);
        private int maxProducers;
        private Duration acquireTimeout = Duration.ofSeconds(10);
        private Duration producerMaxAge = Duration.ofDays(5);
        private Duration producerMaxIdle = Duration.ofMinutes(10);
        private Synchronization synchronization = Synchronization.AUTO;
        private boolean flushBeforeCommit = true;
        private Duration flushTimeout = Duration.ofSeconds(30);
        private Duration commitTimeout = Duration.ofSeconds(60);

        private Builder(String idPrefix) {
            this.idPrefix = Objects.requireNonNull(idPrefix, "idPrefix must not be null");
        }

        /** Default: empty. */
        public Builder instanceId(String id) {
            instanceId = Objects.requireNonNull(id, "instanceId must not be null; leave it out for none");
            return this;
        }

        /** Default: 60 s. */
        public Builder timeout(Duration limit) {
            timeout = limit;
            return this;
        }

        /** Default: 0, no bound. */
        public Builder maxProducers(int producers) {
            maxProducers = producers;
            return this;
        }

        /** Default: 10 s. */
        public Builder acquireTimeout(Duration limit) {
            acquireTimeout = limit;
            return this;
        }

        /** Default: 5 days. */
        public Builder producerMaxAge(Duration age) {
            producerMaxAge = age;
            return this;
        }

        /** Default: 10 min. */
        public Builder producerMaxIdle(Duration idle) {
            producerMaxIdle = idle;
            return this;
        }

        /** Default: {@link Synchronization#AUTO}. */
        public Builder synchronization(Synchronization mode) {
            synchronization = mode;
            return this;
        }

        /** Default: true. */
        public Builder flushBeforeCommit(boolean flush) {
            flushBeforeCommit = flush;
            return this;
        }

        /** Default: 30 s. */
        public Builder flushTimeout(Duration limit) {
            flushTimeout = limit;
            return this;
        }

        /** Default: 60 s, as that of {@code max-block}. */
        public Builder commitTimeout(Duration limit) {
            commitTimeout = limit;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException as the record's constructor
         */
        public TransactionSettings build() {
            return new TransactionSettings(
                    idPrefix,
                    instanceId,
                    timeout,
                    maxProducers,
                    acquireTimeout,
                    producerMaxAge,
                    producerMaxIdle,
                    synchronization,
                    flushBeforeCommit,
                    flushTimeout,
                    commitTimeout);
        }
    }
}
