package dev.millrace.autoconfigure;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may have meant who misspelt a name. The engine measures the names of Kafka's properties in the same way: a
 * distance between words is no reason for the one to have a public type for the other.
 */
final class NearestName {

    /** More edits than this make another name, not a misspelt one. */
    private static final int MAX_EDITS = 4;

    private NearestName() {}

    /**
     * The known name that is fewest edits away, the first among equals; otherwise one that ends with this name, as when a group
     * was forgotten. Null if none is near.
     */
    static @Nullable String of(String name, Collection<String> known) {
        String best = null;
        int bestEdits = Math.min(MAX_EDITS, name.length() / 3) + 1;
        for (String each : known) {
            int edits = edits(name, each);
            if (edits < bestEdits) {
                best = each;
                bestEdits = edits;
            }
        }
        return best != null
                ? best
                : known.stream()
                        .filter(each -> each.endsWith("." + name))
                        .findFirst()
                        .orElse(null);
    }

    /** Levenshtein's distance: characters to insert, remove or replace. */
    private static int edits(String from, String to) {
        int[] previous = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
            }
            previous = row;
        }
        return previous[to.length()];
    }
}
