package dev.millrace.producer;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One header of a record: a key that is never null and a value that may be.
 *
 * <p>The value is not copied; whoever hands it over must not change it afterwards.
 */
public final class Header {

    private final String key;
    private final byte @Nullable [] value;

    /** A header; the key is UTF-8 on the wire. */
    public Header(String key, byte @Nullable [] value) {
        this.key = Objects.requireNonNull(key, "header key must not be null");
        this.value = value;
    }

    /** The header's key. */
    public String key() {
        return key;
    }

    /** The header's bytes, not a copy, or null. */
    public byte @Nullable [] value() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && key.equals(that.key) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(value);
    }

    /** Names the key and the value's length; contents do not belong in logs. */
    @Override
    public String toString() {
        return value == null ? key + "=null" : key + "=" + value.length + " B";
    }
}
