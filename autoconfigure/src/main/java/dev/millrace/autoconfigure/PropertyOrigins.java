package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** Finds where a property was set: file and line, environment variable, command line. */
final class PropertyOrigins {

    private final Environment environment;

    PropertyOrigins(Environment environment) {
        this.environment = environment;
    }

    /** The place that wins for this property, in Boot's words; null if it is not set. */
    @Nullable String of(String property) {
        if (!(environment instanceof ConfigurableEnvironment configurable)
                || !ConfigurationPropertyName.isValid(property)) {
            return null;
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        for (ConfigurationPropertySource source :
                ConfigurationPropertySources.from(configurable.getPropertySources())) {
            ConfigurationProperty found = find(source, name);
            if (found != null) {
                return describe(found, source);
            }
        }
        return null;
    }

    private static @Nullable ConfigurationProperty find(
            ConfigurationPropertySource source, ConfigurationPropertyName name) {
        ConfigurationProperty scalar = source.getConfigurationProperty(name);
        return scalar != null ? scalar : source.getConfigurationProperty(name.append("[0]"));
    }

    private static String describe(ConfigurationProperty found, ConfigurationPropertySource source) {
        return found.getOrigin() != null ? found.getOrigin().toString() : String.valueOf(source.getUnderlyingSource());
    }
}
