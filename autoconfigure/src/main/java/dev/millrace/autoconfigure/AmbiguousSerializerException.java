package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerOperationException;
import java.util.List;

/** Several beans could serialize the values and nothing says which. */
final class AmbiguousSerializerException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> beanNames;

    AmbiguousSerializerException(List<String> beanNames) {
        super(
                ProducerSerializers.VALUE_PROPERTY + " is not set and " + beanNames.size()
                        + " Serializer beans could serialize the values: " + String.join(", ", beanNames)
                        + "; set the property, or name one of them " + ProducerSerializers.VALUE_BEAN,
                null);
        this.beanNames = List.copyOf(beanNames);
    }

    List<String> beanNames() {
        return beanNames;
    }
}
