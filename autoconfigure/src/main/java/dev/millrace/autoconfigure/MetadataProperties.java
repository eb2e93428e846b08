package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fresh the knowledge about topics and leaders is, under {@code app.producer.metadata}. */
public class MetadataProperties {

    /** Age at which metadata is fetched again without need. */
    private @Nullable Duration maxAge;

    /** Idle time after which a topic is forgotten. */
    private @Nullable Duration maxIdle;

    public @Nullable Duration getMaxAge() {
        return maxAge;
    }

    public void setMaxAge(@Nullable Duration maxAge) {
        this.maxAge = maxAge;
    }

    public @Nullable Duration getMaxIdle() {
        return maxIdle;
    }

    public void setMaxIdle(@Nullable Duration maxIdle) {
        this.maxIdle = maxIdle;
    }
}
