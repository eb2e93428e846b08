package dev.millrace.benchmarks.suite;

import java.util.Locale;

/**
 * What a measure has to be beside another candidate's.
 *
 * @param metric name of the measure
 * @param rule how the two are compared
 * @param candidate who has to reach it
 * @param rival whom it is compared with, as {@code candidate} or {@code scenario:candidate}; ignored for a plain value
 * @param limit the number
 */
public record Target(String metric, Rule rule, String candidate, String rival, double limit) {

    /** How two measures are compared. */
    public enum Rule {
        /** The quotient is at most the limit. */
        RATIO_AT_MOST("at most %s of"),
        /** The quotient is at least the limit. */
        RATIO_AT_LEAST("at least %s of"),
        /** The difference is at most the limit. */
        ABOVE_AT_MOST("at most %s above"),
        /** The measure itself is at most the limit. */
        VALUE_AT_MOST("at most %s");

        private final String words;

        Rule(String words) {
            this.words = words;
        }
    }

    static Target atMost(double limit, String metric, String rival) {
        return new Target(metric, Rule.RATIO_AT_MOST, Candidates.MILLRACE, rival, limit);
    }

    static Target atLeast(double limit, String metric, String rival) {
        return new Target(metric, Rule.RATIO_AT_LEAST, Candidates.MILLRACE, rival, limit);
    }

    static Target above(double limit, String metric, String candidate, String rival) {
        return new Target(metric, Rule.ABOVE_AT_MOST, candidate, rival, limit);
    }

    static Target value(double limit, String metric) {
        return new Target(metric, Rule.VALUE_AT_MOST, Candidates.MILLRACE, "", limit);
    }

    /** The number that is held against the limit. */
    public double compare(double own, double other) {
        return switch (rule) {
            case RATIO_AT_MOST, RATIO_AT_LEAST -> own / other;
            case ABOVE_AT_MOST -> own - other;
            case VALUE_AT_MOST -> own;
        };
    }

    /** Whether that number is good enough. */
    public boolean isReached(double compared) {
        return rule == Rule.RATIO_AT_LEAST ? compared >= limit : compared <= limit;
    }

    /** The target in words. */
    public String text() {
        String number = limit == Math.rint(limit) ? String.format(Locale.ROOT, "%.0f", limit) : Double.toString(limit);
        return (String.format(Locale.ROOT, rule.words, number) + ' ' + rival).strip();
    }
}
