package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerOperationException;
import java.util.Collection;
import java.util.List;

/** Several beans could choose the partitions and nothing says which. */
final class AmbiguousPartitionerException extends ProducerOperationException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> beanNames;

    AmbiguousPartitionerException(Collection<String> beanNames, Throwable cause) {
        super(
                beanNames.size() + " Partitioner beans could choose the partitions: " + String.join(", ", beanNames)
                        + "; mark one of them as @Primary",
                cause);
        this.beanNames = List.copyOf(beanNames);
    }

    List<String> beanNames() {
        return beanNames;
    }
}
