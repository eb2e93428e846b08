package dev.millrace.devbroker;

import java.util.Map;

/**
 * A value of {@code sasl.jaas.config}: one login module and its options, every name and value quoted, so that a password
 * may hold quotes, semicolons, equals signs, backslashes and ends of lines. Kafka reads it with a
 * {@link java.io.StreamTokenizer}, whose quoted strings know the escapes used here.
 */
final class JaasValue {
    private final StringBuilder text;

    private JaasValue(String loginModule) {
        this.text = new StringBuilder(loginModule).append(" required");
    }

    static JaasValue of(String loginModule) {
        return new JaasValue(loginModule);
    }

    JaasValue option(String name, String value) {
        text.append(' ').append(quoted(name)).append('=').append(quoted(value));
        return this;
    }

    /** The options of {@code PlainLoginModule} on the broker's side. */
    JaasValue users(Map<String, String> passwords) {
        passwords.forEach((user, password) -> option("user_" + user, password));
        return this;
    }

    @Override
    public String toString() {
        return text + ";";
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.chars().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append((char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
