package dev.millrace.spring;

import dev.millrace.producer.Producer;
import org.jspecify.annotations.Nullable;

/** Opens an engine producer with the application's plug-ins: {@code Producers.builder} outside of tests. */
@FunctionalInterface
interface ProducerOpener<K extends @Nullable Object, V extends @Nullable Object> {

    Producer<K, V> open(ProducerPlugIns<K, V> plugIns);
}
