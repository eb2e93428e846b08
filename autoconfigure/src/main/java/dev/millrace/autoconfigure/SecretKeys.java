package dev.millrace.autoconfigure;

import java.util.Locale;
import java.util.regex.Pattern;

/** The keys under {@code app.producer} whose values nobody may see, in any spelling. */
final class SecretKeys {

    private static final Pattern SECRET = Pattern.compile(
            "appproducer.*(password|secret|token|jaasconfig|keystorekey|certificates?|certificatechain)");
    private static final Pattern EXTENSION = Pattern.compile("appproducer.*sasloauthextensions.*");

    private SecretKeys() {}

    /** Extensions go where tokens go, and may be as secret. */
    static boolean isSecret(String key) {
        String uniform = key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return SECRET.matcher(uniform).matches() || EXTENSION.matcher(uniform).matches();
    }
}
