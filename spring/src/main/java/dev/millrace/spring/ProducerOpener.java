package dev.millrace.spring;

import dev.millrace.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Opens an engine producer: {@code Producers.open} outside of tests. */
@FunctionalInterface
interface ProducerOpener<K extends @Nullable Object, V extends @Nullable Object> {

    Producer<K, V> open();
}
