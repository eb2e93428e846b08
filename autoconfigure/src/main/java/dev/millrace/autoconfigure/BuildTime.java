package dev.millrace.autoconfigure;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.util.SystemPropertyUtils;

/** The time at which an application is processed ahead of time, where what only its run knows has no value yet. */
final class BuildTime {

    /** Set by Boot's build plugins. */
    private static final String AOT_PROCESSING = "spring.aot.processing";

    private BuildTime() {}

    static boolean isNow() {
        return Boolean.getBoolean(AOT_PROCESSING);
    }

    /** At build time, placeholders that nothing resolves stay as they are, and count as text; otherwise as Boot's. */
    static Binder binder(Environment environment) {
        if (!isNow() || !(environment instanceof ConfigurableEnvironment configurable)) {
            return Binder.get(environment);
        }
        PropertyPlaceholderHelper lenient = new PropertyPlaceholderHelper(
                SystemPropertyUtils.PLACEHOLDER_PREFIX,
                SystemPropertyUtils.PLACEHOLDER_SUFFIX,
                SystemPropertyUtils.VALUE_SEPARATOR,
                SystemPropertyUtils.ESCAPE_CHARACTER,
                true);
        return new Binder(
                ConfigurationPropertySources.get(environment),
                new PropertySourcesPlaceholdersResolver(configurable.getPropertySources(), lenient));
    }
}
