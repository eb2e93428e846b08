package dev.millrace.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a token is replaced, under {@code app.producer.sasl.login-refresh}. */
public class LoginRefreshProperties {

    /** Part of the life of a token after which another one is fetched, from 0.5 to 1. */
    private @Nullable Double windowFactor;

    /** Greatest part of the life of a token that is added to that at random, from 0 to 0.25. */
    private @Nullable Double windowJitter;

    /** Least time between two tokens. */
    private @Nullable Duration minPeriod;

    /** Least time before the end of a token at which another one is fetched. */
    private @Nullable Duration buffer;

    public @Nullable Double getWindowFactor() {
        return windowFactor;
    }

    public void setWindowFactor(@Nullable Double windowFactor) {
        this.windowFactor = windowFactor;
    }

    public @Nullable Double getWindowJitter() {
        return windowJitter;
    }

    public void setWindowJitter(@Nullable Double windowJitter) {
        this.windowJitter = windowJitter;
    }

    public @Nullable Duration getMinPeriod() {
        return minPeriod;
    }

    public void setMinPeriod(@Nullable Duration minPeriod) {
        this.minPeriod = minPeriod;
    }

    public @Nullable Duration getBuffer() {
        return buffer;
    }

    public void setBuffer(@Nullable Duration buffer) {
        this.buffer = buffer;
    }
}
