package dev.millrace.autoconfigure;

/**
 * The time at which an application is processed ahead of time. What only its run knows has no value then: Boot's binder leaves a
 * placeholder that nothing resolves as it is, which counts as text, and cannot be turned into any other type.
 */
final class BuildTime {

    /** Set by Spring while it processes. */
    private static final String AOT_PROCESSING = "spring.aot.processing";

    private BuildTime() {}

    static boolean isNow() {
        return Boolean.getBoolean(AOT_PROCESSING);
    }
}
