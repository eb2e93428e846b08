package dev.millrace.producer.config;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Values as text: numbers with their unit, lists with commas, secrets masked. */
final class ValueText {

    static final String MASK = "******";
    static final double HUNDREDTHS = 100;

    private ValueText() {}

    static String of(Setting setting, Object value) {
        return of(setting.kind(), value);
    }

    static String of(Setting.Kind kind, Object value) {
        return switch (kind) {
            case DURATION -> duration((Duration) value);
            case BYTES -> value + " B";
            case LIST -> String.join(",", texts(value));
            case SECRET -> MASK;
            case INT, FRACTION, BOOLEAN, TEXT, CHOICE -> value.toString();
        };
    }

    /** A bound of the setting's range with the unit of its kind. */
    static String bound(Setting setting, long bound) {
        return switch (setting.kind()) {
            case DURATION -> bound + " ms";
            case BYTES, TEXT, SECRET -> bound + " B";
            case FRACTION -> Double.toString(bound / HUNDREDTHS);
            case INT, BOOLEAN, LIST, CHOICE -> Long.toString(bound);
        };
    }

    /** Milliseconds where they are whole, else nanoseconds or, for what a long cannot count, ISO 8601. */
    private static String duration(Duration duration) {
        if (duration.truncatedTo(ChronoUnit.MILLIS).equals(duration) && fitsMillis(duration)) {
            return duration.toMillis() + " ms";
        }
        return fitsNanos(duration) ? duration.toNanos() + " ns" : duration.toString();
    }

    private static boolean fitsMillis(Duration duration) {
        return duration.abs().compareTo(Duration.ofMillis(Long.MAX_VALUE)) <= 0;
    }

    private static boolean fitsNanos(Duration duration) {
        return duration.abs().compareTo(Duration.ofNanos(Long.MAX_VALUE)) <= 0;
    }

    @SuppressWarnings("unchecked") // the builder puts nothing else
    private static List<String> texts(Object value) {
        return (List<String>) value;
    }
}
