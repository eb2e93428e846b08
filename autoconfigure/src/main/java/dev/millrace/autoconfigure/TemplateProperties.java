package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** The template, under {@code app.producer.template}. What is not set is null and stays with the default. */
public class TemplateProperties {

    /** Whether the template sends without a transaction where none is open, though transactions are enabled. */
    private @Nullable Boolean allowNonTransactional;

    public @Nullable Boolean getAllowNonTransactional() {
        return allowNonTransactional;
    }

    public void setAllowNonTransactional(@Nullable Boolean allowNonTransactional) {
        this.allowNonTransactional = allowNonTransactional;
    }
}
