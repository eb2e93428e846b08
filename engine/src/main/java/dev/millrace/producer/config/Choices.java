package dev.millrace.producer.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Reads the constants of an enum by the text their {@code toString} gives. */
final class Choices {

    private Choices() {}

    /**
     * The constant meant; surrounding blanks, case, and whether words are joined by {@code -} or {@code _} do not matter.
     *
     * @throws IllegalArgumentException whose message lists what would be right
     */
    static <E extends Enum<E>> E parse(E[] constants, String text) {
        String wanted = plain(text);
        for (E constant : constants) {
            if (plain(constant.toString()).equals(wanted)) {
                return constant;
            }
        }
        List<String> texts = Arrays.stream(constants).map(Enum::toString).toList();
        throw new IllegalArgumentException("must be one of " + String.join(", ", texts));
    }

    private static String plain(String text) {
        return text.trim().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
