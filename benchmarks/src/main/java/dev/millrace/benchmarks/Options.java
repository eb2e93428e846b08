package dev.millrace.benchmarks;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Arguments as {@code name=value}; each has a default. */
public final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** Reads the arguments over the defaults; ends the program if one has no default. */
    public static Options parse(Map<String, String> defaults, String... args) {
        Map<String, String> values = new HashMap<>(defaults);
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0 || !defaults.containsKey(arg.substring(0, equals))) {
                System.err.println("unknown option '" + arg + "': one of " + defaults.keySet() + ", as name=value");
                System.exit(2);
            }
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new Options(values);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no option " + name);
        }
        return value;
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    /** {@code 20s} or {@code 10m}. */
    public Duration seconds(String name) {
        String value = text(name);
        if (value.endsWith("m")) {
            return Duration.ofMinutes(Long.parseLong(value.substring(0, value.length() - 1)));
        }
        return Duration.ofSeconds(Long.parseLong(value.endsWith("s") ? value.substring(0, value.length() - 1) : value));
    }
}
