package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** What was not delivered when the application stopped, under {@code app.producer.undelivered-records}. */
public class UndeliveredRecordsProperties {

    /** File to which records that were not delivered are appended, with their contents. */
    private @Nullable String file;

    public @Nullable String getFile() {
        return file;
    }

    public void setFile(@Nullable String file) {
        this.file = file;
    }
}
