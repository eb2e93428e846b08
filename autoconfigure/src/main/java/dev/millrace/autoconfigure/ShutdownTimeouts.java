package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Tells at start that the context would not wait for the producer to close when it stops. */
final class ShutdownTimeouts {

    static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";

    private static final Logger LOGGER = LoggerFactory.getLogger(ShutdownTimeouts.class);

    private ShutdownTimeouts() {}

    static void check(DefaultProducerFactory<?, ?> factory, Environment environment) {
        Duration closeTimeout = factory.getCloseTimeout();
        Duration phaseTimeout = Binder.get(environment)
                .bind(PHASE_TIMEOUT, Duration.class)
                .orElseGet(() -> new LifecycleProperties().getTimeoutPerShutdownPhase());
        if (closeTimeout.compareTo(phaseTimeout) >= 0) {
            LOGGER.warn(
                    "{}={} ms is not below {}={} ms: when the application stops, Spring may go on before the producer has"
                            + " delivered what is waiting; lower the first or raise the second",
                    PropertySettings.CLOSE_TIMEOUT,
                    closeTimeout.toMillis(),
                    PHASE_TIMEOUT,
                    phaseTimeout.toMillis());
        }
    }
}
