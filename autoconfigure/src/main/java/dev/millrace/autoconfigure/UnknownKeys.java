package dev.millrace.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.IgnoreErrorsBindHandler;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Finds keys under {@code app.producer} that nothing reads, which are spelling mistakes or an application's own. As with
 * Boot's own check, environment variables and system properties are not looked at: those may be anybody's.
 */
final class UnknownKeys {

    static final String PROPERTY = "app.producer.unknown-keys";

    private static final Logger LOGGER = LoggerFactory.getLogger(UnknownKeys.class);
    private static final ConfigurationPropertyName ALL = ConfigurationPropertyName.of("app.producer");
    private static final ConfigurationPropertyName INSTANCES = ALL.append("instance");

    /** Read by conditions. */
    private static final Set<String> SWITCHES = Set.of("enabled", "default-producer.enabled", "dev-broker.enabled");

    /** Not to be set for one producer, as there is one for all. */
    private static final List<String> ONLY_FOR_ALL = List.of("dev-broker", "unknown-keys");

    /** What has keys of its own in Boot's properties for Kafka, and for other clients. */
    private static final Pattern IN_BUNDLES = Pattern.compile(
            "ssl\\.(key-?store|trust-?store|key-password|key-manager|trust-manager|enabled-protocols|ciphers|cipher-suites).*");

    private UnknownKeys() {}

    /**
     * Warns of unknown keys, or whatever the property says.
     *
     * @throws InvalidProducerPropertiesException if it says that the start is to fail
     */
    static void check(Environment environment, List<ProducerInstance> instances) {
        Reaction reaction = reaction(environment);
        if (reaction == Reaction.IGNORE) {
            return;
        }
        List<PropertyViolation> unknown = find(environment, instances);
        if (unknown.isEmpty()) {
            return;
        }
        if (reaction == Reaction.FAIL) {
            throw new InvalidProducerPropertiesException(unknown, null);
        }
        unknown.forEach(key -> LOGGER.warn(
                "{} {}. Set {}=fail to refuse such keys, or =ignore to say nothing",
                key.property(),
                key.reason(),
                PROPERTY));
    }

    static List<PropertyViolation> find(Environment environment, List<ProducerInstance> instances) {
        List<PropertyViolation> unknown = new ArrayList<>();
        Set<String> known = new TreeSet<>(KnownKeys.NAMES);
        known.addAll(SWITCHES);
        unbound(ALL, environment).stream()
                .filter(key -> !INSTANCES.isAncestorOf(key.getName()))
                .forEach(key -> addUnlessKnown(key, ALL, known, unknown));
        known.removeAll(SWITCHES);
        known.removeIf(name -> ONLY_FOR_ALL.stream().anyMatch(name::startsWith));
        for (ProducerInstance instance : instances) {
            ConfigurationPropertyName prefix = INSTANCES.append(instance.name());
            unbound(prefix, environment).stream()
                    .filter(key -> ONLY_FOR_ALL.stream().noneMatch(relative(key.getName(), prefix)::startsWith))
                    .forEach(key -> addUnlessKnown(key, prefix, known, unknown));
            ONLY_FOR_ALL.stream()
                    .map(each -> instance.property("app.producer." + each))
                    .filter(each -> PropertyOrigins.ofFirstBelow(each, environment) != null)
                    .forEach(each -> unknown.add(new PropertyViolation(
                            each,
                            "",
                            PropertyOrigins.ofFirstBelow(each, environment),
                            "has no effect for a single producer; set it under app.producer")));
        }
        unknown.sort(Comparator.comparing(PropertyViolation::property));
        return unknown;
    }

    private static Set<ConfigurationProperty> unbound(ConfigurationPropertyName prefix, Environment environment) {
        try {
            Binder.get(environment)
                    .bind(
                            prefix,
                            Bindable.of(ProducerProperties.class),
                            new NoUnboundElementsBindHandler(
                                    new IgnoreErrorsBindHandler(), new UnboundElementsSourceFilter()));
            return Set.of();
        } catch (BindException failure) {
            if (failure.getCause() instanceof UnboundConfigurationPropertiesException unbound) {
                return unbound.getUnboundProperties();
            }
            throw failure;
        }
    }

    /** What is set to nothing is not bound, but known all the same. */
    private static void addUnlessKnown(
            ConfigurationProperty key,
            ConfigurationPropertyName prefix,
            Set<String> known,
            List<PropertyViolation> unknown) {
        if (known.stream().anyMatch(name -> prefix.append(name).equals(key.getName()))) {
            return;
        }
        String reason =
                "is not a known key, and nothing reads it; " + remedy(relative(key.getName(), prefix), prefix, known);
        String origin = key.getOrigin() == null ? null : key.getOrigin().toString();
        unknown.add(new PropertyViolation(key.getName().toString(), "", origin, reason));
    }

    private static String remedy(String name, ConfigurationPropertyName prefix, Set<String> known) {
        if (IN_BUNDLES.matcher(name).matches()) {
            return "keys and authorities are in SSL bundles: define one under spring.ssl.bundle and name it in "
                    + prefix + ".ssl.bundle";
        }
        String nearest = NearestName.of(name, known);
        return nearest == null ? "remove it" : "did you mean " + prefix + "." + nearest;
    }

    private static String relative(ConfigurationPropertyName name, ConfigurationPropertyName prefix) {
        return name.subName(prefix.getNumberOfElements()).toString();
    }

    private static Reaction reaction(Environment environment) {
        String text = Binder.get(environment).bind(PROPERTY, String.class).orElse("");
        if (!StringUtils.hasText(text)) {
            return Reaction.WARN;
        }
        try {
            return Reaction.valueOf(text.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException other) {
            throw new InvalidProducerPropertiesException(
                    List.of(new PropertyViolation(
                            PROPERTY,
                            text,
                            new PropertyOrigins(environment).of(PROPERTY),
                            "must be warn, fail or ignore")),
                    null);
        }
    }

    private enum Reaction {
        WARN,
        FAIL,
        IGNORE
    }
}
