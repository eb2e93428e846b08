package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** What the cluster hears of the producer, under {@code app.producer.telemetry}. */
public class TelemetryProperties {

    /** Whether metrics go to the cluster if it asks for them. */
    private @Nullable Boolean push;

    public @Nullable Boolean getPush() {
        return push;
    }

    public void setPush(@Nullable Boolean push) {
        this.push = push;
    }
}
