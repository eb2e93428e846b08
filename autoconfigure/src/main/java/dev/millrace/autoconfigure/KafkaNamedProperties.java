package dev.millrace.autoconfigure;

import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The entries of {@code app.producer.properties}, which have Kafka's names. What is set by its own key must not stand here,
 * too; and what other keys decide, or is a secret, stands nowhere but there.
 */
final class KafkaNamedProperties {

    private static final String PREFIX = "app.producer.properties.";

    /** By name, or by the start of the name if it ends with a dot. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            Setting.BOOTSTRAP_SERVERS.kafkaName(),
            "write " + Setting.BOOTSTRAP_SERVERS.springName(),
            Setting.CLIENT_ID.kafkaName(),
            "write " + Setting.CLIENT_ID.springName(),
            Setting.TRANSACTIONAL_ID.kafkaName(),
            "each producer has an id of its own; write " + Setting.TRANSACTIONAL_ID.springName(),
            "key.serializer",
            "write " + ProducerSerializers.KEY_PROPERTY,
            "value.serializer",
            "write " + ProducerSerializers.VALUE_PROPERTY,
            "interceptor.classes",
            "declare the interceptors as beans",
            "security.",
            "write app.producer.security.protocol",
            "ssl.",
            "write app.producer.ssl.bundle, and the material under spring.ssl.bundle",
            "sasl.",
            "write the keys under app.producer.sasl");

    private KafkaNamedProperties() {}

    /** Call after everything that has a key of its own. Blank values count as not set. */
    static List<Violation> applyTo(ProducerConfig.Builder builder, Map<String, String> properties) {
        List<Violation> violations = new ArrayList<>();
        Map<String, String> readable = new LinkedHashMap<>();
        properties.forEach((name, value) -> {
            String reason = reasonAgainst(name, builder);
            if (reason != null) {
                violations.add(new Violation(PREFIX + name, "", reason));
            } else if (StringUtils.hasText(value)) {
                readable.put(name, value);
            }
        });
        KafkaPropertyNames.readInto(builder, readable)
                .forEach(violation -> violations.add(
                        new Violation(PREFIX + kafkaName(violation), violation.value(), violation.reason())));
        return violations;
    }

    private static @Nullable String reasonAgainst(String name, ProducerConfig.Builder builder) {
        for (Map.Entry<String, String> elsewhere : ELSEWHERE.entrySet()) {
            String key = elsewhere.getKey();
            if (key.endsWith(".") ? name.startsWith(key) : name.equals(key)) {
                return "has no effect here; " + elsewhere.getValue();
            }
        }
        Setting setting = Setting.withKafkaName(name);
        return setting != null && builder.isSet(setting)
                ? "is set by " + setting.springName() + ", too; remove one of them"
                : null;
    }

    private static String kafkaName(Violation violation) {
        for (Setting setting : Setting.values()) {
            if (setting.toString().equals(violation.setting())) {
                return setting.kafkaName();
            }
        }
        return violation.setting();
    }
}
