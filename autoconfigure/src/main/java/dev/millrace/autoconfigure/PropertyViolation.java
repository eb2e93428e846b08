package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * One setting the producer refuses.
 *
 * @param property its name under {@code app.producer}
 * @param value the refused value as the engine reads it, empty if there is none; masked for secrets
 * @param origin where it was set, or null if it was not
 * @param reason what is wrong with it and what would be right
 */
public record PropertyViolation(String property, String value, @Nullable String origin, String reason) {}
