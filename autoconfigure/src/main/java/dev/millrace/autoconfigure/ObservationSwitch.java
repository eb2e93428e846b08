package dev.millrace.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Whether sends are observed. Boot vetoes observations by their names, one at a time, when their contexts have been made
 * already; a veto of sends that is known at start spares that work.
 */
final class ObservationSwitch {

    private static final String NAME = "app.producer.send";
    private static final String ALL = "all";

    private ObservationSwitch() {}

    static boolean isOn(
            ProducerProperties properties, ObjectProvider<ObservationRegistry> registries, Environment environment) {
        ObservationRegistry registry = registries.getIfAvailable();
        return Boolean.TRUE.equals(properties.getTemplate().getObservationEnabled())
                && registry != null
                && !registry.isNoop()
                && isEnabled(environment);
    }

    /** The longest beginning of the name that is set decides, as in Boot's own predicate. */
    private static boolean isEnabled(Environment environment) {
        Map<String, Boolean> enabled = Binder.get(environment)
                .bind("management.observations.enable", Bindable.mapOf(String.class, Boolean.class))
                .orElseGet(Map::of);
        for (String name = NAME; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            Boolean isEnabled = enabled.get(name);
            if (isEnabled != null) {
                return isEnabled;
            }
        }
        return enabled.getOrDefault(ALL, true);
    }
}
