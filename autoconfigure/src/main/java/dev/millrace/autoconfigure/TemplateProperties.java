package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The template, under {@code app.producer.template}. What is not set is null and stays with the default. */
public class TemplateProperties {

    /** Whether the template sends without a transaction where none is open, though transactions are enabled. */
    private @Nullable Boolean allowNonTransactional;

    /** Whether sends and transactions are observed, if there is an observation registry. */
    private @Nullable Boolean observationEnabled;

    public @Nullable Boolean getAllowNonTransactional() {
        return allowNonTransactional;
    }

    public void setAllowNonTransactional(@Nullable Boolean allowNonTransactional) {
        this.allowNonTransactional = allowNonTransactional;
    }

    public @Nullable Boolean getObservationEnabled() {
        return observationEnabled;
    }

    public void setObservationEnabled(@Nullable Boolean observationEnabled) {
        this.observationEnabled = observationEnabled;
    }
}
