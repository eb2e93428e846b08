package dev.millrace.producer.security;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A bearer token of an authorization server. Immutable; shows no secret. */
public final class Token {

    private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*"); // RFC 6750, 2.1
    private static final Pattern EXTENSION_NAME = Pattern.compile("[A-Za-z]+"); // RFC 7628, 3.1
    private static final Pattern EXTENSION_VALUE = Pattern.compile("[\\x20-\\x7E\\t\\r\\n]*");
    private static final String RESERVED = "auth";

    private final String value;
    private final @Nullable Instant expiresAt;
    private final Map<String, String> extensions;

    private Token(String value, @Nullable Instant expiresAt, Map<String, String> extensions) {
        this.value = Objects.requireNonNull(value, "value must not be null");
        this.expiresAt = expiresAt;
        this.extensions = Map.copyOf(extensions);
        refuse(
                !BEARER.matcher(value).matches(),
                "a token must be of the form of RFC 6750: letters, digits and -._~+/=");
        this.extensions.forEach((name, text) -> {
            refuse(
                    !EXTENSION_NAME.matcher(name).matches() || name.equals(RESERVED),
                    "an extension's name must be letters, and not " + RESERVED);
            refuse(!EXTENSION_VALUE.matcher(text).matches(), "an extension's value must be printable ASCII: " + name);
        });
    }

    /**
     * A token that ends.
     *
     * @throws IllegalArgumentException if the text cannot be a bearer token (RFC 6750)
     */
    public static Token of(String value, Instant expiresAt) {
        return new Token(value, Objects.requireNonNull(expiresAt, "expiresAt must not be null"), Map.of());
    }

    /** A token whose end is not known; asked for anew only when a broker refuses it. */
    public static Token withoutEnd(String value) {
        return new Token(value, null, Map.of());
    }

    /**
     * The same token with extensions for the broker (KIP-342).
     *
     * @throws IllegalArgumentException if a name is not letters or a value is not printable
     */
    public Token with(Map<String, String> more) {
        return new Token(value, expiresAt, more);
    }

    /** The text that is the secret. */
    public String value() {
        return value;
    }

    /** When brokers begin to refuse it, null if that is not known. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** What else is told to the broker, by name. */
    public Map<String, String> extensions() {
        return extensions;
    }

    private static void refuse(boolean isWrong, String reason) {
        if (isWrong) {
            throw new IllegalArgumentException(reason);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Token that
                && value.equals(that.value)
                && Objects.equals(expiresAt, that.expiresAt)
                && extensions.equals(that.extensions);
    }

    @Override
    public int hashCode() {
        return Objects.hash(value, expiresAt, extensions);
    }

    /** When it ends, and the names of the extensions. */
    @Override
    public String toString() {
        return "Token[value=***, expiresAt=" + expiresAt + ", extensions=" + extensions.keySet() + "]";
    }
}
