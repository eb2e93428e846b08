package dev.millrace.producer.observe;

/**
 * The engine caught an error of its own making.
 *
 * @param where the step that failed, for a human
 * @param cause what was thrown
 */
public record EngineError(String where, Throwable cause) {}
