package dev.millrace.autoconfigure;

import dev.millrace.producer.serialization.Serializer;
import dev.millrace.spring.serialization.DelegatingSerializer;
import dev.millrace.spring.serialization.JsonSerializer;
import dev.millrace.spring.serialization.TypeNames;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** What is written as JSON, if Jackson is there: by the application's mapper, with the headers the properties say. */
final class JsonSupport {

    /** What a property says for a serializer of JSON. */
    static final String NAME = "json";

    private static final String JACKSON = "tools.jackson.databind.ObjectMapper";

    private JsonSupport() {}

    /** Whether Jackson is on the class path. */
    static boolean isPresent(@Nullable ClassLoader classLoader) {
        return ClassUtils.isPresent(JACKSON, classLoader);
    }

    /** Objects as JSON; only if Jackson is there. */
    static Serializer<?> serializer(ConfigurableListableBeanFactory beanFactory, JsonProperties properties) {
        return Jackson.serializer(beanFactory, properties);
    }

    /** Text and bytes as they are and everything else as JSON, or text only if Jackson is not there. */
    static @Nullable Serializer<?> forValues(ConfigurableListableBeanFactory beanFactory, JsonProperties properties) {
        return isPresent(beanFactory.getBeanClassLoader())
                ? DelegatingSerializer.textBytesAnd(Jackson.serializer(beanFactory, properties))
                : null;
    }

    /** Apart, so that nothing of Jackson is loaded where it is not. */
    private static final class Jackson {

        static Serializer<?> serializer(ConfigurableListableBeanFactory beanFactory, JsonProperties properties) {
            return new JsonSerializer<>(mapper(beanFactory), typeNames(properties));
        }

        /** The one bean, or the primary one of several, or that for JSON among several kinds. */
        private static ObjectMapper mapper(ConfigurableListableBeanFactory beanFactory) {
            ObjectMapper json = beanFactory.getBeanProvider(JsonMapper.class).getIfUnique();
            if (json != null) {
                return json;
            }
            ObjectMapper any = beanFactory.getBeanProvider(ObjectMapper.class).getIfUnique();
            return any == null ? JsonMapper.shared() : any;
        }

        private static @Nullable TypeNames typeNames(JsonProperties properties) {
            if (!Boolean.TRUE.equals(properties.getTypeHeaders())) {
                return null;
            }
            if (properties.getTypeNames().isEmpty()) {
                return TypeNames.ofClasses();
            }
            Map<Class<?>, String> names = new LinkedHashMap<>();
            properties.getTypeNames().forEach((name, type) -> names.put(type, name));
            return TypeNames.of(names);
        }
    }
}
