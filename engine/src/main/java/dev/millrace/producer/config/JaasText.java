package dev.millrace.producer.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one entry of a {@code sasl.jaas.config}: a module, its flag and its options, as in {@code
 * org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="se\"cret";}. Read as text; no
 * class of that name is needed. Values stand in single or double quotes, in which a backslash works as in Java; so may all
 * names. Comments are those of Java.
 *
 * @param module the name of the class
 * @param flag how it takes part
 * @param options by name, in the order of the text; secrets among them
 */
record JaasText(String module, String flag, Map<String, String> options) {

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException whose message says what is wrong where, without a word of the text
     */
    static JaasText parse(String text) {
        Scanner in = new Scanner(text);
        String module = in.name("the name of a login module");
        String flag = in.name("a flag such as required");
        Map<String, String> options = new LinkedHashMap<>();
        while (!in.takes(';')) {
            String name = in.name("an option's name, or a semicolon at the end");
            in.expect('=', "= behind an option's name");
            if (options.put(name, in.value()) != null) {
                throw in.wrong("has an option twice");
            }
        }
        in.expectEnd();
        return new JaasText(module, flag, options);
    }

    /** Without the options' values. */
    @Override
    public String toString() {
        return "JaasText[module=" + module + ", flag=" + flag + ", options=" + options.keySet() + "]";
    }

    /** Steps through the text. */
    private static final class Scanner {

        private static final String LINE_COMMENT = "//";
        private static final String COMMENT = "/*";
        private static final String WORD_SIGNS = "._-$";
        private static final int MAX_OCTAL_DIGITS = 3;
        private static final int MAX_FIRST_OF_THREE = '3';

        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(what + " (character " + (at + 1) + ")");
        }

        String name(String expected) {
            skipBlanks();
            return isAtQuote() ? quoted(text.charAt(at++)) : word(expected);
        }

        private String word(String expected) {
            int from = at;
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw wrong("has not " + expected + " where it must be");
            }
            return text.substring(from, at);
        }

        String value() {
            skipBlanks();
            if (isAtQuote()) {
                return quoted(text.charAt(at++));
            }
            String word = word("a value");
            boolean ends = at == text.length() || text.charAt(at) == ';' || isAtGap();
            if (!ends) {
                throw wrong("has a value with special characters outside quotes; put it in double quotes");
            }
            return word;
        }

        private boolean isAtQuote() {
            return at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'');
        }

        private String quoted(char quote) {
            StringBuilder value = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                char next = text.charAt(at++);
                value.append(next == '\\' ? escaped() : next);
            }
            if (at == text.length()) {
                throw wrong("has a quote that does not end");
            }
            at++;
            return value.toString();
        }

        private char escaped() {
            if (at == text.length()) {
                throw wrong("has a backslash at its end");
            }
            char next = text.charAt(at++);
            return switch (next) {
                case 'a' -> '\u0007';
                case 'b' -> '\b';
                case 'f' -> '\f';
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'v' -> '\u000B';
                default -> isOctal(next) ? octal(next) : next;
            };
        }

        private char octal(char first) {
            int value = first - '0';
            int digits = first <= MAX_FIRST_OF_THREE ? MAX_OCTAL_DIGITS : MAX_OCTAL_DIGITS - 1;
            for (int used = 1; used < digits && at < text.length() && isOctal(text.charAt(at)); used++) {
                value = value * 8 + text.charAt(at++) - '0';
            }
            return (char) value;
        }

        boolean takes(char sign) {
            skipBlanks();
            boolean isThere = at < text.length() && text.charAt(at) == sign;
            at += isThere ? 1 : 0;
            return isThere;
        }

        void expect(char sign, String expected) {
            if (!takes(sign)) {
                throw wrong("has not " + expected + " where it must be");
            }
        }

        void expectEnd() {
            skipBlanks();
            if (at < text.length()) {
                throw wrong("has something behind the semicolon; give one login module");
            }
        }

        private void skipBlanks() {
            while (at < text.length() && isAtGap()) {
                if (text.startsWith(LINE_COMMENT, at)) {
                    skipBehind("\n");
                } else if (text.startsWith(COMMENT, at)) {
                    skipBehind("*/");
                } else {
                    at++;
                }
            }
        }

        private boolean isAtGap() {
            return text.charAt(at) <= ' ' || text.startsWith(LINE_COMMENT, at) || text.startsWith(COMMENT, at);
        }

        private void skipBehind(String end) {
            int found = text.indexOf(end, at + COMMENT.length());
            at = found < 0 ? text.length() : found + end.length();
        }

        private static boolean isOctal(char each) {
            return each >= '0' && each <= '7';
        }

        private static boolean isWordPart(char each) {
            return Character.isLetterOrDigit(each) || WORD_SIGNS.indexOf(each) >= 0;
        }
    }
}
