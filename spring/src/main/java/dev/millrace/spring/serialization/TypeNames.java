package dev.millrace.spring.serialization;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What readers are told of the type of a value: a name of the application's choice, or none. Names of classes are told only
 * if asked for, and never those that mean nothing to a reader: of proxies, lambdas, anonymous and local classes.
 */
public final class TypeNames {

    private final Map<Class<?>, String> chosen;
    private final boolean usesClassNames;

    private TypeNames(Map<Class<?>, String> chosen, boolean usesClassNames) {
        this.chosen = Map.copyOf(chosen);
        this.usesClassNames = usesClassNames;
    }

    /** The names of classes, as they are in Java. */
    public static TypeNames ofClasses() {
        return new TypeNames(Map.of(), true);
    }

    /**
     * Only these names; other types have none.
     *
     * @param names by the class they stand for
     * @throws IllegalArgumentException if two classes have one name, or a name is blank
     */
    public static TypeNames of(Map<Class<?>, String> names) {
        Map<String, Class<?>> seen = new HashMap<>();
        names.forEach((type, name) -> {
            Class<?> other = seen.put(name, type);
            if (name.isBlank() || other != null) {
                throw new IllegalArgumentException("type names must be text and each for one class: name=" + name
                        + " class=" + type.getName() + (other == null ? "" : " and " + other.getName()));
            }
        });
        return new TypeNames(names, false);
    }

    /** The name for a value of this class; null if there is none. */
    public @Nullable String nameOf(Class<?> type) {
        String name = chosen.get(type);
        if (name != null || !usesClassNames) {
            return name;
        }
        boolean isNameless = type.isHidden()
                || type.isAnonymousClass()
                || type.isLocalClass()
                || type.isSynthetic()
                || Proxy.isProxyClass(type);
        return isNameless ? null : type.getName();
    }
}
