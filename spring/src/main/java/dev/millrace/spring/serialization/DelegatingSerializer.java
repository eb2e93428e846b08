package dev.millrace.spring.serialization;

import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One serializer that leaves the work to others: chosen by the type of the object, or by the topic. What fits first, in the
 * order given, is taken; what fits nothing fails the record.
 *
 * <p>Serializers that do not wait ({@link AsyncSerializer}) may be among the others. Closes all of them, each once.
 */
public class DelegatingSerializer implements Serializer<Object> {

    private final List<Rule> rules;
    private final @Nullable Serializer<Object> otherwise; // null if that is an error
    private final String criterion;

    private DelegatingSerializer(List<Rule> rules, @Nullable Serializer<Object> otherwise, String criterion) {
        this.rules = List.copyOf(rules);
        this.otherwise = otherwise;
        this.criterion = criterion;
    }

    /** By the type of the object: a class stands for itself and for what extends or implements it. */
    public static DelegatingSerializer byType(Map<Class<?>, ? extends Serializer<?>> byType) {
        List<Rule> rules = new ArrayList<>();
        byType.forEach((type, serializer) -> rules.add(new Rule(type, null, untyped(serializer))));
        return of(rules, null, "type");
    }

    /** By the name of the topic, of which a pattern has to match all. */
    public static DelegatingSerializer byTopic(Map<Pattern, ? extends Serializer<?>> byTopic) {
        List<Rule> rules = new ArrayList<>();
        byTopic.forEach((topics, serializer) -> rules.add(new Rule(null, topics, untyped(serializer))));
        return of(rules, null, "topic");
    }

    /** The same with one for what fits nothing. */
    public DelegatingSerializer otherwise(Serializer<?> serializer) {
        return of(rules, untyped(serializer), criterion);
    }

    /** Text, bytes and byte buffers as they are, everything else as {@code others} has it. */
    public static DelegatingSerializer textBytesAnd(Serializer<?> others) {
        Map<Class<?>, Serializer<?>> byType = new LinkedHashMap<>();
        byType.put(String.class, Serializers.string());
        byType.put(byte[].class, Serializers.bytes());
        byType.put(ByteBuffer.class, Serializers.byteBuffer());
        return byType(byType).otherwise(others);
    }

    private static DelegatingSerializer of(List<Rule> rules, @Nullable Serializer<Object> otherwise, String criterion) {
        DelegatingSerializer one = new DelegatingSerializer(rules, otherwise, criterion);
        boolean isAsync = one.all().stream().anyMatch(AsyncSerializer.class::isInstance);
        return isAsync ? new Async(rules, otherwise, criterion) : one;
    }

    @SuppressWarnings("unchecked") // it gets only what it was chosen for
    private static Serializer<Object> untyped(Serializer<?> serializer) {
        return (Serializer<Object>) Objects.requireNonNull(serializer, "serializer must not be null");
    }

    @Override
    public byte @Nullable [] serialize(String topic, Object data) {
        return choose(topic, data).serialize(topic, data);
    }

    @Override
    public void serializeTo(SerializationContext context, Object data, PayloadBuffer out) {
        choose(context.topic(), data).serializeTo(context, data, out);
    }

    @Override
    public void close() {
        all().forEach(Serializer::close);
    }

    final Serializer<Object> choose(String topic, Object data) {
        for (Rule rule : rules) {
            if (rule.fits(topic, data)) {
                return rule.serializer();
            }
        }
        if (otherwise == null) {
            throw new IllegalArgumentException("no serializer for this " + criterion + ": topic=" + topic + " type="
                    + data.getClass().getName() + "; add one for it, or one for everything else");
        }
        return otherwise;
    }

    final Set<Serializer<Object>> all() {
        Set<Serializer<Object>> all = Collections.newSetFromMap(new IdentityHashMap<>());
        rules.forEach(rule -> all.add(rule.serializer()));
        if (otherwise != null) {
            all.add(otherwise);
        }
        return all;
    }

    /** With serializers among the others that do not wait. */
    private static final class Async extends DelegatingSerializer implements AsyncSerializer<Object> {

        Async(List<Rule> rules, @Nullable Serializer<Object> otherwise, String criterion) {
            super(rules, otherwise, criterion);
        }

        @Override
        public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, Object data) {
            Serializer<Object> chosen = super.choose(context.topic(), data);
            if (chosen instanceof AsyncSerializer<Object> async) {
                return async.serializeAsync(context, data);
            }
            PayloadBuffer out = new PayloadBuffer();
            chosen.serializeTo(context, data, out);
            CompletableFuture<byte @Nullable []> bytes = new CompletableFuture<>();
            bytes.complete(
                    out.length() < 0
                            ? null
                            : Arrays.copyOfRange(out.array(), out.offset(), out.offset() + out.length()));
            return bytes;
        }

        /** The longest of those that have one. */
        @Override
        public Duration timeout() {
            Duration longest = Duration.ZERO;
            for (Serializer<Object> serializer : super.all()) {
                if (serializer instanceof AsyncSerializer<Object> async
                        && async.timeout().compareTo(longest) > 0) {
                    longest = async.timeout();
                }
            }
            return longest.isZero() ? DEFAULT_TIMEOUT : longest;
        }

        @Override
        public byte @Nullable [] serialize(String topic, Object data) {
            return super.serialize(topic, data);
        }
    }

    /** What a serializer is for; one of the first two is null. */
    private record Rule(@Nullable Class<?> type, @Nullable Pattern topics, Serializer<Object> serializer) {

        boolean fits(String topic, Object data) {
            return (type == null || type.isInstance(data))
                    && (topics == null || topics.matcher(topic).matches());
        }
    }
}
