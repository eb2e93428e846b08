package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The template, under {@code app.producer.template}. What is not set is null and stays with the default. */
public class TemplateProperties {

    /** Topic of records that name none. */
    private @Nullable String defaultTopic;

    /** Whether the template sends without a transaction where none is open, though transactions are enabled. */
    private @Nullable Boolean allowNonTransactional;

    /**
     * Where listeners run and futures complete: dispatch for threads on which a continuation may wait for other sends, direct for
     * the engine's one delivery thread, or the name of an Executor bean.
     */
    private @Nullable String callbackExecutor;

    /** Whether records that were not delivered are logged, by their coordinates. */
    private @Nullable Boolean logFailures;

    /** Whether key and value of such a record are logged, too. */
    private @Nullable Boolean logContent;

    /** Characters of a key and of a value that are logged if they are. */
    private @Nullable Integer logContentMaxLength;

    /** Whether sends and transactions are observed, if there is an observation registry. */
    private @Nullable Boolean observationEnabled;

    public @Nullable String getDefaultTopic() {
        return defaultTopic;
    }

    public void setDefaultTopic(@Nullable String defaultTopic) {
        this.defaultTopic = defaultTopic;
    }

    public @Nullable Boolean getAllowNonTransactional() {
        return allowNonTransactional;
    }

    public void setAllowNonTransactional(@Nullable Boolean allowNonTransactional) {
        this.allowNonTransactional = allowNonTransactional;
    }

    public @Nullable String getCallbackExecutor() {
        return callbackExecutor;
    }

    public void setCallbackExecutor(@Nullable String callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
    }

    public @Nullable Boolean getLogFailures() {
        return logFailures;
    }

    public void setLogFailures(@Nullable Boolean logFailures) {
        this.logFailures = logFailures;
    }

    public @Nullable Boolean getLogContent() {
        return logContent;
    }

    public void setLogContent(@Nullable Boolean logContent) {
        this.logContent = logContent;
    }

    public @Nullable Integer getLogContentMaxLength() {
        return logContentMaxLength;
    }

    public void setLogContentMaxLength(@Nullable Integer logContentMaxLength) {
        this.logContentMaxLength = logContentMaxLength;
    }

    public @Nullable Boolean getObservationEnabled() {
        return observationEnabled;
    }

    public void setObservationEnabled(@Nullable Boolean observationEnabled) {
        this.observationEnabled = observationEnabled;
    }
}
