package dev.millrace.autoconfigure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Finds the named producers of an environment.
 *
 * <p>A name may be spelled in several ways, as Boot binds all of them to the same object: environment variables know neither
 * dashes nor case. The spelling with dashes is the name, wherever it is written, and the others are the same producer.
 */
final class ProducerInstances {

    private static final ConfigurationPropertyName PARENT = ConfigurationPropertyName.of("app.producer.instance");
    private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final String RESERVED = "default";

    private ProducerInstances() {}

    /**
     * The named producers, in the order of their names.
     *
     * @throws InvalidProducerPropertiesException if a name cannot be one
     */
    static List<ProducerInstance> of(Environment environment) {
        Map<String, Set<String>> spellings = new TreeMap<>();
        Set<String> variables = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                boolean isVariables = isEnvironmentVariables(source);
                iterable.stream().filter(PARENT::isAncestorOf).forEach(name -> {
                    if (isVariables) {
                        variables.add(relative(name));
                    } else {
                        add(name.getElement(PARENT.getNumberOfElements(), Form.ORIGINAL), spellings);
                    }
                });
            }
        }
        addVariables(variables, spellings);
        return named(spellings, environment);
    }

    private static void add(String spelling, Map<String, Set<String>> spellings) {
        spellings.computeIfAbsent(uniform(spelling), each -> new TreeSet<>()).add(spelling);
    }

    /** With underscores for dashes, too, which Boot accepts, a variable seems to name a producer by the first part alone. */
    private static void addVariables(Set<String> variables, Map<String, Set<String>> spellings) {
        List<String> dotted = spellings.values().stream()
                .flatMap(Collection::stream)
                .map(spelling -> spelling.replace('-', '.') + ".")
                .toList();
        for (String variable : variables) {
            if (dotted.stream().noneMatch(variable::startsWith)) {
                add(variable.substring(0, (variable + ".").indexOf('.')), spellings);
            }
        }
    }

    private static List<ProducerInstance> named(Map<String, Set<String>> spellings, Environment environment) {
        List<ProducerInstance> instances = new ArrayList<>();
        List<PropertyViolation> violations = new ArrayList<>();
        for (Set<String> same : spellings.values()) {
            List<String> legal = same.stream()
                    .filter(spelling -> LEGAL.matcher(spelling).matches() && !spelling.equals(RESERVED))
                    .toList();
            List<String> dashed =
                    legal.stream().filter(spelling -> spelling.contains("-")).toList();
            if (dashed.size() > 1) {
                violations.add(violation(
                        dashed.get(1), "is the same name as '" + dashed.get(0) + "'; use one of them", environment));
            } else if (legal.isEmpty()) {
                String first = same.iterator().next();
                violations.add(violation(first, reasonAgainst(first), environment));
            } else {
                instances.add(new ProducerInstance(dashed.isEmpty() ? legal.get(0) : dashed.get(0)));
            }
        }
        if (!violations.isEmpty()) {
            throw new InvalidProducerPropertiesException(violations, null);
        }
        return List.copyOf(instances);
    }

    private static String reasonAgainst(String spelling) {
        return spelling.equals(RESERVED)
                ? "is the name of the producer that is configured directly under app.producer; choose another"
                : "is not the name of a producer; write lower-case letters and digits, with single dashes between"
                        + " words, such as order-events";
    }

    private static PropertyViolation violation(String spelling, String reason, Environment environment) {
        String property = spelling.contains(".")
                ? "app.producer.instance[" + spelling + "]"
                : ProducerInstance.INSTANCE_PREFIX + spelling;
        return new PropertyViolation(property, spelling, PropertyOrigins.ofFirstBelow(property, environment), reason);
    }

    private static String relative(ConfigurationPropertyName name) {
        return name.subName(PARENT.getNumberOfElements()).toString();
    }

    private static String uniform(String spelling) {
        return spelling.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isEnvironmentVariables(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying instanceof SystemEnvironmentPropertySource;
    }
}
