package dev.millrace.testkit.spring;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Takes back what an application's properties say of security, in which the fake cluster has no part. */
final class UnsecuredProperties {

    static final String NAME = "Security of producers, left out with a fake cluster";

    private static final List<String> LEFT_OUT =
            List.of("security.protocol", "ssl.bundle", "sasl.mechanism", "sasl.username", "sasl.password");
    private static final ConfigurationPropertyName DEFAULT = ConfigurationPropertyName.of("app.producer");
    private static final ConfigurationPropertyName NAMED = ConfigurationPropertyName.of("app.producer.instance");

    private UnsecuredProperties() {}

    static void addTo(ConfigurableEnvironment environment) {
        Map<String, Object> blank = new HashMap<>();
        addBlank(DEFAULT, environment, blank);
        for (String name : names(environment)) {
            addBlank(NAMED.append(name), environment, blank);
        }
        if (!blank.isEmpty()) {
            environment.getPropertySources().addFirst(new MapPropertySource(NAME, blank));
        }
    }

    private static Set<String> names(ConfigurableEnvironment environment) {
        Set<String> names = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(NAMED::isAncestorOf)
                        .forEach(name -> names.add(name.getElement(NAMED.getNumberOfElements(), Form.ORIGINAL)));
            }
        }
        return names;
    }

    /** Only what is set: a key that is there makes a named producer one with security of its own. */
    private static void addBlank(
            ConfigurationPropertyName producer, ConfigurableEnvironment environment, Map<String, Object> blank) {
        for (String key : LEFT_OUT) {
            ConfigurationPropertyName name = producer.append(key);
            for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
                if (source.getConfigurationProperty(name) != null) {
                    blank.put(name.toString(), "");
                }
            }
        }
    }
}
