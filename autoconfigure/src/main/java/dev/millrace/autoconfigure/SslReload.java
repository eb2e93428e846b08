package dev.millrace.autoconfigure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/** What a change of an SSL bundle does to a producer that uses it. */
enum SslReload {

    /** Nothing: the material of the start stays in use. */
    NONE,
    /** New connections use the new material, those that work stay. */
    NEW_CONNECTIONS,
    /** Those that work are replaced, too, one broker after the other. */
    RECYCLE;

    /**
     * Reads {@code none}, {@code new-connections} or {@code recycle}; {@link #NEW_CONNECTIONS} if not set.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static SslReload parse(@Nullable String text) {
        if (!StringUtils.hasText(text)) {
            return NEW_CONNECTIONS;
        }
        try {
            return valueOf(text.trim().toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException("must be none, new-connections or recycle", other);
        }
    }
}
