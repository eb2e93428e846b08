package dev.millrace.devbroker.child;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes each event as one piece of text: time, level, logger, message, stack trace. */
final class FileLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1;

    private final Level lowest;

    FileLogger(String name, Level lowest) {
        this.name = name;
        this.lowest = lowest;
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= lowest.toInt();
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null; // no caller is printed
    }

    @Override
    @SuppressWarnings("SystemOut") // the broker's log file
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        StringWriter text = new StringWriter();
        text.append(LocalDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.MILLIS)
                        .toString())
                .append(' ')
                .append(level.name())
                .append(' ')
                .append(name)
                .append(": ")
                .append(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (thrown != null) {
            text.append(System.lineSeparator());
            thrown.printStackTrace(new PrintWriter(text, true));
        }
        System.out.println(text);
    }
}
