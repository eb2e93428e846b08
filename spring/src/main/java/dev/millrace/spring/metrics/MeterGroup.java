package dev.millrace.spring.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Meters that come and go together, in any number of registries, whichever is there first. Definitions are kept, so that a
 * registry that comes late gets all of them; they also keep what is measured from being collected, to which registries refer
 * weakly. Safe for use by any number of threads.
 */
final class MeterGroup {

    private final List<Function<MeterRegistry, Meter>> definitions = new ArrayList<>();
    private final Map<MeterRegistry, List<Meter>> registered = new LinkedHashMap<>();

    synchronized void define(Function<MeterRegistry, Meter> definition) {
        definitions.add(definition);
        registered.forEach((registry, meters) -> meters.add(definition.apply(registry)));
    }

    synchronized void bindTo(MeterRegistry registry) {
        if (!registered.containsKey(registry)) {
            List<Meter> meters = new ArrayList<>();
            definitions.forEach(definition -> meters.add(definition.apply(registry)));
            registered.put(registry, meters);
        }
    }

    synchronized void unbind() {
        registered.forEach((registry, meters) -> meters.forEach(registry::remove));
        registered.clear();
    }
}
