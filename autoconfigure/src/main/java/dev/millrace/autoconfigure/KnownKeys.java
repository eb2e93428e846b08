package dev.millrace.autoconfigure;

import java.beans.PropertyDescriptor;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The names of all keys of {@link ProducerProperties}, without {@code app.producer}; of a map, only its own name. */
final class KnownKeys {

    static final Set<String> NAMES = names(ProducerProperties.class, "", new TreeSet<>());

    private KnownKeys() {}

    private static Set<String> names(Class<?> type, String prefix, Set<String> names) {
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            Class<?> propertyType = property.getPropertyType();
            String name = prefix + DataObjectPropertyName.toDashedForm(property.getName());
            if (property.getWriteMethod() != null) {
                names.add(name);
            } else if (propertyType != null && propertyType.getPackage() == KnownKeys.class.getPackage()) {
                names(propertyType, name + ".", names);
            }
        }
        return names;
    }
}
