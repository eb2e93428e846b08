package dev.millrace.autoconfigure;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.UndeliveredRecords;
import dev.millrace.spring.UndeliveredRecordsFile;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.StringUtils;

/** How a factory starts and what becomes of what it leaves behind, as the properties and the application's bean say. */
final class FactoryLifecycle {

    static final Duration DEFAULT_STARTUP_TIMEOUT = Duration.ofSeconds(10);

    private final ObjectProvider<UndeliveredRecords> undeliveredRecords;

    FactoryLifecycle(ObjectProvider<UndeliveredRecords> undeliveredRecords) {
        this.undeliveredRecords = undeliveredRecords;
    }

    void applyTo(DefaultProducerFactory<?, ?> factory, ProducerProperties properties) {
        if (Boolean.TRUE.equals(properties.getFailFast())) {
            Duration timeout = properties.getStartupTimeout();
            factory.setFailFast(timeout == null ? DEFAULT_STARTUP_TIMEOUT : timeout);
        }
        String file = properties.getUndeliveredRecords().getFile();
        UndeliveredRecords handler = undeliveredRecords.getIfAvailable();
        if (handler != null) {
            factory.setUndeliveredRecords(handler);
        } else if (StringUtils.hasText(file)) {
            factory.setUndeliveredRecords(new UndeliveredRecordsFile(Path.of(file.trim())));
        }
    }
}
