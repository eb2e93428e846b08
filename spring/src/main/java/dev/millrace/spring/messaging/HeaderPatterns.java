package dev.millrace.spring.messaging;

import java.util.ArrayList;
import java.util.List;
import org.springframework.util.PatternMatchUtils;

/**
 * Which headers of a message become headers of its record: patterns with {@code *}, of which the first that matches counts; one
 * that begins with {@code !} keeps the header out. What matches none stays out.
 */
public final class HeaderPatterns {

    private final List<String> patterns;

    private HeaderPatterns(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** These patterns, in this order. */
    public static HeaderPatterns of(String... patterns) {
        return new HeaderPatterns(List.of(patterns));
    }

    /** Everything but what Spring gives each message for itself. */
    public static HeaderPatterns defaults() {
        return of("!id", "!timestamp", "*");
    }

    /** The same with other patterns in front. */
    public HeaderPatterns after(String... first) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(patterns);
        return new HeaderPatterns(all);
    }

    /** Whether a header of this name gets through. */
    public boolean let(String name) {
        for (String pattern : patterns) {
            boolean keepsOut = pattern.startsWith("!");
            if (PatternMatchUtils.simpleMatch(keepsOut ? pattern.substring(1) : pattern, name)) {
                return !keepsOut;
            }
        }
        return false;
    }
}
