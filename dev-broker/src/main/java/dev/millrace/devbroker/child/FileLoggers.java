package dev.millrace.devbroker.child;

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** The loggers of a broker: one level for all, except the dumps of every configuration value. */
final class FileLoggers implements ILoggerFactory {
    /** System property with the lowest level to write; {@value}. */
    static final String LEVEL_PROPERTY = "millrace.devbroker.log-level";

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final Level level =
            Level.valueOf(System.getProperty(LEVEL_PROPERTY, "INFO").toUpperCase(Locale.ROOT));

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, this::create);
    }

    private Logger create(String name) {
        boolean dumpsConfiguration = name.endsWith("Config") && level == Level.INFO;
        return new FileLogger(name, dumpsConfiguration ? Level.WARN : level);
    }
}
