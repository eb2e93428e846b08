package dev.millrace.autoconfigure;

import org.springframework.util.StringUtils;

/**
 * One of the application's producers: the default one, whose name is empty, or one that is named under
 * {@code app.producer.instance}.
 */
record ProducerInstance(String name) {

    static final ProducerInstance DEFAULT = new ProducerInstance("");

    static final String PREFIX = "app.producer.";
    static final String INSTANCE_PREFIX = PREFIX + "instance.";

    boolean isDefault() {
        return name.isEmpty();
    }

    /** What its keys begin with; those of the default producer count for it, too. */
    String prefix() {
        return isDefault() ? PREFIX : INSTANCE_PREFIX + name + ".";
    }

    /** The key of this producer for one of the default producer's; a name of nothing under {@code app.producer} stays. */
    String property(String defaultProperty) {
        return defaultProperty.startsWith(PREFIX)
                ? prefix() + defaultProperty.substring(PREFIX.length())
                : defaultProperty;
    }

    /** The name of its bean for one of the default producer's, such as {@code orderEventsProducerFactory}. */
    String beanName(String defaultBeanName) {
        return isDefault() ? defaultBeanName : camelCased() + StringUtils.capitalize(defaultBeanName);
    }

    private String camelCased() {
        StringBuilder camelCased = new StringBuilder();
        for (String part : name.split("-", -1)) {
            camelCased.append(camelCased.isEmpty() ? part : StringUtils.capitalize(part));
        }
        return camelCased.toString();
    }
}
