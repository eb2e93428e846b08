package dev.millrace.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A producer that is to know of its cluster when it starts does not. */
public class ProducerStartupException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String obstacle;

    /**
     * With what stood in the way.
     *
     * @param obstacle what the engine met last, or null if it met nothing at all
     */
    public ProducerStartupException(String producerName, Duration timeout, @Nullable String obstacle) {
        super(
                "Producer '" + producerName + "' reached no broker within " + timeout.toMillis() + " ms: "
                        + (obstacle == null ? "no answer" : obstacle)
                        + "; the limit is app.producer.startup-timeout, and without app.producer.fail-fast the"
                        + " application starts and records wait",
                null);
        this.obstacle = obstacle;
    }

    /** What the engine met last, or null. */
    public @Nullable String getObstacle() {
        return obstacle;
    }
}
