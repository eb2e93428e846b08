package dev.millrace.spring.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.Headers;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class SerializersTest {

    record Placed(String id, int amount) {}

    static class Broken {
        public String getBroken() {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void writesJsonIntoTheEnginesBuffer() {
        Serializer<Placed> json = new JsonSerializer<>();
        assertThat(text(json, new Placed("ö", 3))).isEqualTo("{\"id\":\"ö\",\"amount\":3}");
        assertThat(json.serialize("t", new Placed("a", 1))).isEqualTo("{\"id\":\"a\",\"amount\":1}".getBytes(UTF_8));
    }

    @Test
    void leavesNothingOfAValueThatCannotBeWritten() {
        JsonSerializer<Object> json = new JsonSerializer<>();
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> text(json, new Broken()));
    }

    @Test
    void tellsTypesByClassesOrByChosenNamesOnly() {
        SerializationContext value = SerializationContext.forValue("t", Headers.empty());
        SerializationContext key = SerializationContext.forKey("t", Headers.empty());
        JsonSerializer<Object> byClass = new JsonSerializer<>(JsonMapper.shared(), TypeNames.ofClasses());
        byClass.serializeTo(value, new Placed("a", 1), new PayloadBuffer());
        byClass.serializeTo(key, new Placed("a", 1), new PayloadBuffer());

        assertThat(value.headers()).isEqualTo(Headers.of("__TypeId__", Placed.class.getName()));
        assertThat(key.headers()).isEqualTo(Headers.of("__Key_TypeId__", Placed.class.getName()));
        TypeNames chosen = TypeNames.of(Map.of(Placed.class, "placed"));
        assertThat(chosen.nameOf(Placed.class)).isEqualTo("placed");
        assertThat(chosen.nameOf(String.class)).isNull();
        Object proxy = Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Runnable.class}, (self, method, args) -> null);
        Runnable lambda = () -> {};
        Object anonymous = new Object() {};
        assertThat(List.of(proxy, lambda, anonymous))
                .allSatisfy(nameless -> assertThat(TypeNames.ofClasses().nameOf(nameless.getClass()))
                        .isNull());
        assertThatIllegalArgumentException().isThrownBy(() -> TypeNames.of(Map.of(Placed.class, "a", Long.class, "a")));
        assertThatIllegalArgumentException().isThrownBy(() -> TypeNames.of(Map.of(Placed.class, " ")));
    }

    @Test
    void choosesByType() {
        Map<Class<?>, Serializer<?>> byType = new LinkedHashMap<>();
        byType.put(Integer.class, Serializers.integers());
        byType.put(Number.class, (Serializer<Number>) (topic, number) -> ("n" + number).getBytes(UTF_8));
        DelegatingSerializer serializer = DelegatingSerializer.byType(byType);

        assertThat(serializer).isNotInstanceOf(AsyncSerializer.class);
        assertThat(serializer.serialize("t", 1)).containsExactly(0, 0, 0, 1);
        assertThat(text(serializer, 2L)).isEqualTo("n2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> text(serializer, "text"))
                .withMessageContaining("no serializer for this type")
                .withMessageContaining("java.lang.String");
        assertThat(text(serializer.otherwise(Serializers.string()), "text")).isEqualTo("text");
    }

    @Test
    void choosesByTopic() {
        Map<Pattern, Serializer<?>> byTopic = new LinkedHashMap<>();
        byTopic.put(Pattern.compile("orders"), Serializers.string());
        byTopic.put(Pattern.compile("orders.*"), (Serializer<String>) (topic, text) -> ("+" + text).getBytes(UTF_8));
        DelegatingSerializer serializer = DelegatingSerializer.byTopic(byTopic);

        assertThat(new String(serializer.serialize("orders", "a"), UTF_8)).isEqualTo("a");
        assertThat(new String(serializer.serialize("orders-eu", "a"), UTF_8)).isEqualTo("+a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> serializer.serialize("payments", "a"))
                .withMessageContaining("no serializer for this topic");
    }

    @Test
    void doesNotWaitIfOneOfThemDoesNot() throws Exception {
        CompletableFuture<byte @Nullable []> answer = new CompletableFuture<>();
        AsyncSerializer<Placed> slow = new AsyncSerializer<>() {
            @Override
            public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, Placed data) {
                return answer;
            }

            @Override
            public Duration timeout() {
                return Duration.ofSeconds(3);
            }
        };
        DelegatingSerializer serializer = DelegatingSerializer.textBytesAnd(slow);

        assertThat(serializer).isInstanceOf(AsyncSerializer.class);
        AsyncSerializer<?> async = (AsyncSerializer<?>) serializer;
        assertThat(async.timeout()).isEqualTo(Duration.ofSeconds(3));
        CompletableFuture<byte @Nullable []> ofText = begin(serializer, "text");
        CompletableFuture<byte @Nullable []> ofPlaced = begin(serializer, new Placed("a", 1));
        assertThat(ofText.get()).isEqualTo("text".getBytes(UTF_8));
        assertThat(ofPlaced).isNotDone();
        answer.complete(new byte[] {1});
        assertThat(ofPlaced.get()).containsExactly(1);
    }

    @Test
    void closesEachOnce() {
        int[] closed = new int[1];
        Serializer<Object> counting = new Serializer<>() {
            @Override
            public byte[] serialize(String topic, Object data) {
                return new byte[0];
            }

            @Override
            public void close() {
                closed[0]++;
            }
        };
        DelegatingSerializer.byType(Map.of(Long.class, counting, Integer.class, counting))
                .otherwise(counting)
                .close();

        assertThat(closed[0]).isEqualTo(1);
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<byte @Nullable []> begin(Serializer<Object> serializer, Object data) {
        return ((AsyncSerializer<Object>) serializer)
                .serializeAsync(SerializationContext.forValue("t", Headers.empty()), data)
                .toCompletableFuture();
    }

    @SuppressWarnings("unchecked")
    private static String text(Serializer<?> serializer, Object data) {
        PayloadBuffer out = new PayloadBuffer();
        ((Serializer<Object>) serializer).serializeTo(SerializationContext.forValue("t", Headers.empty()), data, out);
        return new String(out.array(), out.offset(), out.length(), UTF_8);
    }
}
