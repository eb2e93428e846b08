package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fresh the knowledge about topics and leaders is, under {@code app.producer.metadata}. */
public class MetadataProperties {

    /** What happens when no known broker answers any more. */
    private @Nullable String recoveryStrategy;

    /** Time without fresh metadata after which the bootstrap servers are asked again. */
    private @Nullable Duration rebootstrapTrigger;

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

    public @Nullable String getRecoveryStrategy() {
        return recoveryStrategy;
    }

    public void setRecoveryStrategy(@Nullable String recoveryStrategy) {
        this.recoveryStrategy = recoveryStrategy;
    }

    public @Nullable Duration getRebootstrapTrigger() {
        return rebootstrapTrigger;
    }

    public void setRebootstrapTrigger(@Nullable Duration rebootstrapTrigger) {
        this.rebootstrapTrigger = rebootstrapTrigger;
    }
}
