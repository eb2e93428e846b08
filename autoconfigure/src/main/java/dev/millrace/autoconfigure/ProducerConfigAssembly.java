package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.spring.ProducerConfigCustomizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine's configuration: properties first, then connection details, then customizers in their order. What the
 * engine refuses is told in terms of the properties.
 */
final class ProducerConfigAssembly {

    private final PropertySettings properties;
    private final ProducerConnectionDetails connection;
    private final Function<ProducerConfig.Builder, List<Violation>> security;
    private final List<ProducerConfigCustomizer> customizers;
    private final ProducerInstance instance;
    private final PropertyOrigins origins;
    private final @Nullable ClassLoader classLoader;

    ProducerConfigAssembly(
            PropertySettings properties,
            ProducerConnectionDetails connection,
            Function<ProducerConfig.Builder, List<Violation>> security,
            List<ProducerConfigCustomizer> customizers,
            ProducerInstance instance,
            PropertyOrigins origins,
            @Nullable ClassLoader classLoader) {
        this.properties = properties;
        this.connection = connection;
        this.security = security;
        this.customizers = customizers;
        this.instance = instance;
        this.origins = origins;
        this.classLoader = classLoader;
    }

    /** Calls each customizer once. */
    ProducerConfig assemble() {
        Attempt attempt = attempt(customizers);
        if (attempt.config != null) {
            return attempt.config;
        }
        List<Violation> withoutCustomizers = customizers.isEmpty() ? attempt.violations : attempt(List.of()).violations;
        List<PropertyViolation> translated = attempt.violations.stream()
                .map(violation -> translate(violation, !withoutCustomizers.contains(violation)))
                .toList();
        throw new InvalidProducerPropertiesException(translated, attempt.refusal);
    }

    private Attempt attempt(List<ProducerConfigCustomizer> applied) {
        ProducerConfig.Builder builder = ProducerConfig.builder();
        List<Violation> violations = new ArrayList<>(properties.applyTo(builder));
        builder.bootstrapServers(connection.getBootstrapServers());
        violations.addAll(security.apply(builder));
        applied.forEach(customizer -> customizer.customize(builder, instance.name()));
        try {
            ProducerConfig config = build(builder);
            CodecLibrary.missing(config.compression().type(), classLoader).ifPresent(violations::add);
            refuseId(config, violations);
            return new Attempt(violations.isEmpty() ? config : null, violations, null);
        } catch (ConfigException refusal) {
            addUnlessTold(refusal.violations(), violations);
            return new Attempt(null, violations, refusal);
        }
    }

    /** What could not be read is not set, and the engine may miss it. */
    private static void addUnlessTold(List<Violation> refused, List<Violation> told) {
        Set<String> known =
                told.stream().map(each -> propertyOf(each.setting())).collect(Collectors.toSet());
        refused.stream()
                .filter(each -> !known.contains(propertyOf(each.setting())))
                .forEach(told::add);
    }

    /** Without a transactional id, which each producer gets for itself; checked with one, if there are to be transactions. */
    private ProducerConfig build(ProducerConfig.Builder builder) {
        PropertyTransactions transactions = properties.transactions();
        if (!transactions.isEnabled() || transactions.idPrefix().isEmpty()) {
            return builder.build();
        }
        try {
            ProducerConfig config = builder.build();
            builder.transactionalId(transactions.anyId()).build();
            return config;
        } catch (ConfigException refusal) {
            builder.transactionalId(transactions.anyId()).build(); // refuses that and what only transactions rule out
            throw refusal;
        }
    }

    /** For customizers: nothing else sets it. */
    private static void refuseId(ProducerConfig config, List<Violation> violations) {
        String id = config.transaction().id();
        if (id != null) {
            String reason =
                    "must be left to the producers, each of which has one of its own; set the property to what all"
                            + " of them begin with";
            violations.add(new Violation(Setting.TRANSACTIONAL_ID.springName(), id, reason));
        }
    }

    private PropertyViolation translate(Violation violation, boolean isCustomized) {
        String property = propertyOf(violation.setting());
        return new PropertyViolation(
                origins.nameOf(property), violation.value(), originOf(property, isCustomized), violation.reason());
    }

    private static String propertyOf(String setting) {
        for (Setting known : Setting.values()) {
            if (known.toString().equals(setting) || known.kafkaName().equals(setting)) {
                return known.springName();
            }
        }
        return setting;
    }

    private @Nullable String originOf(String property, boolean isCustomized) {
        if (isCustomized) {
            return "a bean of type " + ProducerConfigCustomizer.class.getSimpleName();
        }
        boolean isConnection = property.equals(Setting.BOOTSTRAP_SERVERS.springName());
        if (isConnection && !(connection instanceof PropertiesProducerConnectionDetails)) {
            return "the connection details, a " + connection.getClass().getName();
        }
        return origins.of(property);
    }

    /** What came of one try; {@code config} is null if there is a violation. */
    private record Attempt(
            @Nullable ProducerConfig config, List<Violation> violations, @Nullable ConfigException refusal) {}
}
