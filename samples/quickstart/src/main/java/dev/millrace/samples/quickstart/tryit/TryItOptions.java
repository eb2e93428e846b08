package dev.millrace.samples.quickstart.tryit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What a run does.
 *
 * @param orders how many orders it sends, at least 3; not used with {@code kill}
 * @param kill whether it sends for some time instead, and a node is killed and started meanwhile
 * @param seconds how long it sends with {@code kill}, at least 4
 */
@ConfigurationProperties("quickstart.try-it")
record TryItOptions(int orders, boolean kill, int seconds) {
    private static final int MIN_SECONDS = 4;

    /** Refuses what cannot be run; zero stands for not set, which is fine for an application that tries nothing. */
    TryItOptions {
        if (orders != 0 && orders < Way.values().length) {
            throw new IllegalArgumentException("--orders=" + orders + " is too few; there are three ways to send");
        }
        if (kill && seconds < MIN_SECONDS) {
            throw new IllegalArgumentException(
                    "--seconds=" + seconds + " is too short for --kill=true; give at least " + MIN_SECONDS);
        }
    }

    Duration duration() {
        return Duration.ofSeconds(seconds);
    }
}
