package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Transactions, under {@code app.producer.transaction}. What is not set is null and stays with the default. */
public class TransactionProperties {

    /** Whether to send in transactions. Derived from whether id-prefix has text. */
    private @Nullable Boolean enabled;

    /** Start of every transactional id of the application. Derived from spring.application.name if transactions are enabled without one. */
    private @Nullable String idPrefix;

    /** Name of the running instance, which goes between the prefix and the number of an id. The same after a restart, another one for each instance. */
    private @Nullable String instanceId;

    /** How long a transaction may last before its coordinator aborts it. */
    private @Nullable Duration timeout;

    /** How many transactions may be open at the same time. Zero means any number. */
    private @Nullable Integer maxProducers;

    /** How long the beginning of a transaction may wait for another one's end while as many as may be are open. */
    private @Nullable Duration acquireTimeout;

    /** How long a producer is used before another one takes its id. Below the seven days after which brokers forget an id. */
    private @Nullable Duration producerMaxAge;

    /** How long a producer that nobody uses is kept. */
    private @Nullable Duration producerMaxIdle;

    /** How sends relate to a transaction of another manager, such as that of a database. */
    private @Nullable String synchronization;

    /** Whether everything sent is awaited before another manager commits, so that a failed send still rolls back its transaction. */
    private @Nullable Boolean flushBeforeCommit;

    /** How long that may take, while the other manager holds its connection. */
    private @Nullable Duration flushTimeout;

    /** How long a commit may take until its outcome is reported as unknown. As long as max-block if it is not set. */
    private @Nullable Duration commitTimeout;

    /** Whether transactions take part in a two-phase commit. Not supported, so only false is accepted. */
    private @Nullable Boolean twoPhaseCommit;

    public @Nullable Boolean getEnabled() {
        return enabled;
    }

    public void setEnabled(@Nullable Boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable String getIdPrefix() {
        return idPrefix;
    }

    public void setIdPrefix(@Nullable String idPrefix) {
        this.idPrefix = idPrefix;
    }

    public @Nullable String getInstanceId() {
        return instanceId;
    }

    public void setInstanceId(@Nullable String instanceId) {
        this.instanceId = instanceId;
    }

    public @Nullable Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(@Nullable Duration timeout) {
        this.timeout = timeout;
    }

    public @Nullable Integer getMaxProducers() {
        return maxProducers;
    }

    public void setMaxProducers(@Nullable Integer maxProducers) {
        this.maxProducers = maxProducers;
    }

    public @Nullable Duration getAcquireTimeout() {
        return acquireTimeout;
    }

    public void setAcquireTimeout(@Nullable Duration acquireTimeout) {
        this.acquireTimeout = acquireTimeout;
    }

    public @Nullable Duration getProducerMaxAge() {
        return producerMaxAge;
    }

    public void setProducerMaxAge(@Nullable Duration producerMaxAge) {
        this.producerMaxAge = producerMaxAge;
    }

    public @Nullable Duration getProducerMaxIdle() {
        return producerMaxIdle;
    }

    public void setProducerMaxIdle(@Nullable Duration producerMaxIdle) {
        this.producerMaxIdle = producerMaxIdle;
    }

    public @Nullable String getSynchronization() {
        return synchronization;
    }

    public void setSynchronization(@Nullable String synchronization) {
        this.synchronization = synchronization;
    }

    public @Nullable Boolean getFlushBeforeCommit() {
        return flushBeforeCommit;
    }

    public void setFlushBeforeCommit(@Nullable Boolean flushBeforeCommit) {
        this.flushBeforeCommit = flushBeforeCommit;
    }

    public @Nullable Duration getFlushTimeout() {
        return flushTimeout;
    }

    public void setFlushTimeout(@Nullable Duration flushTimeout) {
        this.flushTimeout = flushTimeout;
    }

    public @Nullable Duration getCommitTimeout() {
        return commitTimeout;
    }

    public void setCommitTimeout(@Nullable Duration commitTimeout) {
        this.commitTimeout = commitTimeout;
    }

    public @Nullable Boolean getTwoPhaseCommit() {
        return twoPhaseCommit;
    }

    public void setTwoPhaseCommit(@Nullable Boolean twoPhaseCommit) {
        this.twoPhaseCommit = twoPhaseCommit;
    }
}
