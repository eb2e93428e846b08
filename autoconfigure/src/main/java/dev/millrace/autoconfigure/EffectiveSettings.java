package dev.millrace.autoconfigure;

import dev.millrace.autoconfigure.ProducersEndpoint.SettingDescriptor;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * The settings of a producer as it describes them, which masks secrets, and as the application's sanitizing functions want
 * them shown.
 */
final class EffectiveSettings {

    private final Sanitizer sanitizer;

    EffectiveSettings(List<SanitizingFunction> functions) {
        this.sanitizer = new Sanitizer(functions);
    }

    Map<String, SettingDescriptor> of(ProducerConfig config) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (String line : config.describe().split("\n", -1)) {
            int separator = line.indexOf(" = ");
            if (separator > 0) {
                lines.put(line.substring(0, separator), line.substring(separator + " = ".length()));
            }
        }
        Map<String, SettingDescriptor> settings = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            String line = lines.getOrDefault(setting.toString(), "");
            int origin = line.lastIndexOf(" [");
            if (origin >= 0) {
                settings.put(
                        setting.springName(),
                        new SettingDescriptor(
                                sanitize(setting.springName(), line.substring(0, origin)),
                                line.substring(origin + 2, line.length() - 1)));
            }
        }
        return settings;
    }

    private Object sanitize(String property, String value) {
        Object shown = sanitizer.sanitize(new SanitizableData(null, property, value), true);
        return shown == null ? "" : shown;
    }
}
