package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Finds where a producer's property was set: file and line, environment variable, command line. Properties are asked for by
 * the default producer's names; what a named producer does not set itself it has from there.
 */
final class PropertyOrigins {

    private final Environment environment;
    private final ProducerInstance instance;

    /** Those of the default producer. */
    PropertyOrigins(Environment environment) {
        this(environment, ProducerInstance.DEFAULT);
    }

    PropertyOrigins(Environment environment, ProducerInstance instance) {
        this.environment = environment;
        this.instance = instance;
    }

    /** The key by which the producer has this property; its own if it is not set at all. */
    String nameOf(String property) {
        String own = instance.property(property);
        return origin(own) == null && origin(property) != null ? property : own;
    }

    /** The place that wins for this property, in Boot's words; null if it is not set. */
    @Nullable String of(String property) {
        return origin(nameOf(property));
    }

    /** Whether the producer has this property or one below it from keys of its own. */
    boolean isOwn(String property) {
        return ofFirstBelow(instance.property(property), environment) != null;
    }

    /** The place of the first property at or below this name, which may have any characters; null if there is none. */
    static @Nullable String ofFirstBelow(String property, Environment environment) {
        ConfigurationPropertyName parent = ConfigurationPropertyName.adapt(property, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(parent);
            if (found == null && source instanceof IterableConfigurationPropertySource iterable) {
                found = iterable.stream()
                        .filter(parent::isAncestorOf)
                        .findFirst()
                        .map(source::getConfigurationProperty)
                        .orElse(null);
            }
            if (found != null) {
                return describe(found, source);
            }
        }
        return null;
    }

    private @Nullable String origin(String property) {
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
