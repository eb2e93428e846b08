package dev.millrace.producer.internal.protocol;

/**
 * Versions from {@code min} to {@code max}, both included.
 *
 * @param min the lowest version
 * @param max the highest version
 */
public record VersionRange(short min, short max) {

    /** Whether the version is in the range. */
    public boolean contains(short version) {
        return version >= min && version <= max;
    }

    @Override
    public String toString() {
        return min + "-" + max;
    }
}
