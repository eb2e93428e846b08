package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends each record by the template its topic belongs to, so that topics can have serializers, settings or clusters of their
 * own. The first pattern that matches all of a topic's name counts, in the order of the map; which one it was is remembered.
 *
 * <pre>{@code
 * Map<Pattern, ProducerOperations<?, ?>> routes = new LinkedHashMap<>();
 * routes.put(Pattern.compile("audit\\..*"), auditTemplate);
 * routes.put(Pattern.compile(".*"), template);
 * RoutingProducerTemplate routing = new RoutingProducerTemplate(routes);
 * }</pre>
 *
 * <p>It only sends: transactions and what else concerns one producer is up to {@link #templateFor}. Safe for use by any
 * number of threads.
 */
public class RoutingProducerTemplate {

    /** Topics are remembered up to this number; with more of them, most are looked up each time. */
    static final int MAX_REMEMBERED = 10_000;

    private final Map<Pattern, ProducerOperations<Object, Object>> routes = new LinkedHashMap<>();
    private final Map<String, ProducerOperations<Object, Object>> remembered = new ConcurrentHashMap<>();

    /**
     * Over templates; the order of the map is that of the patterns.
     *
     * @throws IllegalArgumentException if there are none
     */
    public RoutingProducerTemplate(Map<Pattern, ? extends ProducerOperations<?, ?>> templates) {
        if (templates.isEmpty()) {
            throw new IllegalArgumentException("there must be a pattern and a template for it");
        }
        templates.forEach((topics, template) -> routes.put(topics, untyped(template)));
    }

    /** Over factories, each with a template made for it. */
    public static RoutingProducerTemplate ofFactories(Map<Pattern, ? extends ProducerFactory<?, ?>> factories) {
        Map<Pattern, ProducerOperations<?, ?>> templates = new LinkedHashMap<>();
        factories.forEach((topics, factory) -> templates.put(topics, new ProducerTemplate<>(factory)));
        return new RoutingProducerTemplate(templates);
    }

    @SuppressWarnings("unchecked") // nobody but the user knows what the serializers take
    private static ProducerOperations<Object, Object> untyped(ProducerOperations<?, ?> template) {
        return (ProducerOperations<Object, Object>) Objects.requireNonNull(template, "template must not be null");
    }

    /** As {@link ProducerOperations#send(String, Object)}; throws as {@link #templateFor}. */
    public CompletableFuture<SendResult<Object, Object>> send(String topic, @Nullable Object value) {
        return templateFor(topic).send(topic, value);
    }

    /** As {@link ProducerOperations#send(String, Object, Object)}; throws as {@link #templateFor}. */
    public CompletableFuture<SendResult<Object, Object>> send(
            String topic, @Nullable Object key, @Nullable Object value) {
        return templateFor(topic).send(topic, key, value);
    }

    /** As {@link ProducerOperations#send(ProducerRecord)}; throws as {@link #templateFor}. */
    public CompletableFuture<SendResult<Object, Object>> send(ProducerRecord<Object, Object> record) {
        Objects.requireNonNull(record, "record must not be null");
        return templateFor(record.topic()).send(record);
    }

    /** Begins a record for a topic, as {@link ProducerOperations#record(String)} does; throws as {@link #templateFor}. */
    public RecordSpec<Object, Object> record(String topic) {
        return templateFor(topic).record(topic);
    }

    /** Flushes all templates, one after the other, as {@link ProducerOperations#flush} does. */
    public void flush() {
        distinctTemplates().forEach(ProducerOperations::flush);
    }

    /** Flushes all templates at once, without a waiting thread. */
    public CompletableFuture<Void> flushAsync() {
        return CompletableFuture.allOf(
                distinctTemplates().stream().map(ProducerOperations::flushAsync).toArray(CompletableFuture[]::new));
    }

    /**
     * The template for a topic.
     *
     * @throws IllegalStateException if no pattern matches
     */
    public ProducerOperations<Object, Object> templateFor(String topic) {
        Objects.requireNonNull(topic, "topic must not be null");
        ProducerOperations<Object, Object> known = remembered.get(topic);
        return known == null ? lookUp(topic) : known;
    }

    private ProducerOperations<Object, Object> lookUp(String topic) {
        for (Map.Entry<Pattern, ProducerOperations<Object, Object>> route : routes.entrySet()) {
            if (route.getKey().matcher(topic).matches()) {
                if (remembered.size() < MAX_REMEMBERED) {
                    remembered.put(topic, route.getValue());
                }
                return route.getValue();
            }
        }
        throw new IllegalStateException("no template for topic '" + topic + "'; the patterns are " + routes.keySet()
                + ", add one that matches");
    }

    private List<ProducerOperations<Object, Object>> distinctTemplates() {
        return routes.values().stream().distinct().toList();
    }
}
