package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The headers of a record, in order, immutable. A key may occur more than once. */
public final class Headers implements Iterable<Header> {

    private static final Headers EMPTY = new Headers(List.of());

    private final List<Header> entries;

    private Headers(List<Header> entries) {
        this.entries = entries;
    }

    /** No headers. */
    public static Headers empty() {
        return EMPTY;
    }

    /** One header with a text value, encoded as UTF-8. */
    public static Headers of(String key, String value) {
        return EMPTY.with(key, value);
    }

    /** The given headers, in their order. */
    public static Headers of(List<Header> entries) {
        return entries.isEmpty() ? EMPTY : new Headers(List.copyOf(entries));
    }

    /** These headers and one more at the end. The value is not copied. */
    public Headers with(String key, byte @Nullable [] value) {
        List<Header> longer = new ArrayList<>(entries.size() + 1);
        longer.addAll(entries);
        longer.add(new Header(key, value));
        return new Headers(List.copyOf(longer));
    }

    /** These headers and one more at the end, its text encoded as UTF-8. */
    public Headers with(String key, String value) {
        return with(key, value.getBytes(UTF_8));
    }

    /** The last header with this key, which is the one most readers look at, or null. */
    public @Nullable Header last(String key) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (entries.get(i).key().equals(key)) {
                return entries.get(i);
            }
        }
        return null;
    }

    /** The headers as an unmodifiable list. */
    public List<Header> asList() {
        return entries;
    }

    /** How many headers there are. */
    public int size() {
        return entries.size();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public Iterator<Header> iterator() {
        return entries.iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Headers that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
