package dev.millrace.producer.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.SerializationContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A serializer that answers for values that begin with "now" at once, and for all others when the test says so. */
final class SlowRegistry implements AsyncSerializer<String> {
    final Map<String, CompletableFuture<byte @Nullable []>> asked = new LinkedHashMap<>();
    final Map<String, SerializationContext> contexts = new LinkedHashMap<>();
    Duration timeout = DEFAULT_TIMEOUT;
    int closed;

    @Override
    public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, String data) {
        if (data.startsWith("now")) {
            return CompletableFuture.completedFuture(data.getBytes(UTF_8));
        }
        contexts.put(data, context);
        return asked.computeIfAbsent(data, value -> new CompletableFuture<>());
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public void close() {
        closed++;
    }

    void answer(String value) {
        of(value).complete(value.getBytes(UTF_8));
    }

    CompletableFuture<byte @Nullable []> of(String value) {
        return Objects.requireNonNull(asked.get(value), value);
    }
}
