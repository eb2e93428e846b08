package dev.millrace.spring;

import org.jspecify.annotations.Nullable;

/**
 * What the sends of a template have in common.
 *
 * @param factory whose name is in messages
 * @param listeners who hears of each record
 * @param continuations where they hear and futures complete
 */
record SendSurroundings<K extends @Nullable Object, V extends @Nullable Object>(
        ProducerFactory<K, V> factory, ListenerChain<K, V> listeners, Continuations continuations) {}
