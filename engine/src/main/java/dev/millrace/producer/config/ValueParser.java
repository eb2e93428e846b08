package dev.millrace.producer.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what stands in properties into the value of a setting, by the setting's kind. */
final class ValueParser {

    private static final String IN_SECONDS = ".seconds";

    private ValueParser() {}

    /**
     * The value of the type {@link Setting#defaultValue} has.
     *
     * @throws IllegalArgumentException whose message says what would be right
     */
    static Object parse(Setting setting, @Nullable Object raw) {
        if (raw == null) {
            throw new IllegalArgumentException("has no value; give one or remove it");
        }
        return switch (setting.kind()) {
            case DURATION -> raw instanceof Duration ? raw : duration(setting, raw);
            case FRACTION ->
                raw instanceof Number number ? (Object) number.doubleValue() : fraction(setting, text(raw));
            case BYTES -> number(setting, raw, "bytes");
            case INT -> number(setting, raw, "");
            case BOOLEAN -> raw instanceof Boolean ? raw : bool(text(raw));
            case TEXT, SECRET -> text(raw);
            case LIST -> raw instanceof List<?> list ? texts(list) : BootstrapServers.split(List.of(text(raw)));
            case CHOICE -> choice(setting, raw);
        };
    }

    private static Duration duration(Setting setting, Object raw) {
        return setting.kafkaName().endsWith(IN_SECONDS)
                ? Duration.ofSeconds(number(setting, raw, "seconds"))
                : Duration.ofMillis(number(setting, raw, "milliseconds"));
    }

    private static double fraction(Setting setting, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException cause) {
            throw new IllegalArgumentException(
                    "must be a number between "
                            + ValueText.bound(setting, setting.range().min()) + " and "
                            + ValueText.bound(setting, setting.range().max()),
                    cause);
        }
    }

    private static Object choice(Setting setting, Object raw) {
        if (raw.getClass() == setting.defaultValue().getClass()) {
            return raw;
        }
        return setting.choice(raw instanceof Number ? raw.toString() : text(raw));
    }

    private static long number(Setting setting, Object raw, String unit) {
        if (raw instanceof Long || raw instanceof Integer || raw instanceof Short || raw instanceof Byte) {
            return ((Number) raw).longValue();
        }
        try {
            return Long.parseLong(text(raw));
        } catch (NumberFormatException cause) {
            Setting.Range range = setting.range();
            long divisor = unit.equals("seconds") ? 1_000 : 1;
            throw new IllegalArgumentException(
                    "must be a whole number " + (unit.isEmpty() ? "" : "of " + unit + " ") + "between "
                            + range.min() / divisor + " and " + range.max() / divisor,
                    cause);
        }
    }

    private static boolean bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return true;
        }
        if (text.equalsIgnoreCase("false")) {
            return false;
        }
        throw new IllegalArgumentException("must be true or false");
    }

    private static List<String> texts(List<?> list) {
        return BootstrapServers.split(list.stream().map(ValueParser::text).toList());
    }

    private static String text(Object raw) {
        if (raw instanceof String text) {
            return text.trim();
        }
        throw new IllegalArgumentException("must be text or have the type of the setting, not "
                + raw.getClass().getName());
    }
}
