package dev.millrace.producer.config;

import java.util.Locale;

/** How many replicas must have a batch before the broker answers (protocol: Produce acks). */
public enum Acks {

    /** The broker does not answer at all; a record counts as delivered once it is written to the socket. */
    NONE(0, "0"),
    /** The leader has it; lost if the leader dies before a follower has it too. */
    LEADER(1, "1"),
    /** All in-sync replicas have it. */
    ALL(-1, "all");

    private final short code;
    private final String text;

    Acks(int code, String text) {
        this.code = (short) code;
        this.text = text;
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /**
     * Reads {@code all}, {@code -1}, {@code 1} or {@code 0}; surrounding blanks and case do not matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Acks parse(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "all", "-1" -> ALL;
            case "1" -> LEADER;
            case "0" -> NONE;
            default -> throw new IllegalArgumentException("must be all, -1, 1 or 0");
        };
    }

    /** The form used in configurations: {@code all}, {@code 1} or {@code 0}. */
    @Override
    public String toString() {
        return text;
    }
}
