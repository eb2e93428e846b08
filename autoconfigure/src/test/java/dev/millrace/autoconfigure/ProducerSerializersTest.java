package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.millrace.producer.Headers;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.serialization.DelegatingSerializer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.MapPropertySource;
import tools.jackson.databind.json.JsonMapper;

class ProducerSerializersTest {

    private static final String PROPERTY_VALUE = "app.producer.value-serializer=" + InjectedSerializer.class.getName();

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ProducerAutoConfiguration.class));

    @Test
    void takesTextWithoutAnyOther() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson")).run(context -> {
            assertThat(of(context).key()).isSameAs(Serializers.string());
            assertThat(of(context).value()).isSameAs(Serializers.string());
        });
    }

    @Test
    void takesTextAndBytesAsTheyAreAndOtherObjectsAsJson() {
        runner.run(context -> {
            assertThat(of(context).key()).isSameAs(Serializers.string());
            assertThat(bytesOf(context, "text")).isEqualTo("text");
            assertThat(bytesOf(context, new byte[] {'b'})).isEqualTo("b");
            assertThat(bytesOf(context, new Placed("o-1", null))).isEqualTo("{\"id\":\"o-1\",\"note\":null}");
        });
    }

    @Test
    void writesJsonByTheApplicationsMapper() {
        runner.withBean(JsonMapper.class, () -> JsonMapper.builder()
                        .changeDefaultPropertyInclusion(
                                any -> JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, null))
                        .build())
                .run(context ->
                        assertThat(bytesOf(context, new Placed("o-1", null))).isEqualTo("{\"id\":\"o-1\"}"));
    }

    @Test
    void tellsTypesInHeadersIfTold() {
        String name = Placed.class.getName();
        runner.withPropertyValues("app.producer.value-serializer=json")
                .run(context -> assertThat(headersOf(context).size()).isZero());
        runner.withPropertyValues("app.producer.value-serializer=json", "app.producer.json.type-headers=true")
                .run(context -> assertThat(headersOf(context)).isEqualTo(Headers.of("__TypeId__", name)));
        runner.withPropertyValues("app.producer.json.type-headers=true", "app.producer.json.type-names.placed=" + name)
                .run(context -> assertThat(headersOf(context)).isEqualTo(Headers.of("__TypeId__", "placed")));
    }

    @Test
    void saysThatJsonNeedsJackson() {
        runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
                .withPropertyValues("app.producer.value-serializer=json")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidProducerPropertiesException.class)
                        .hasMessageContaining("tools.jackson.core:jackson-databind"));
    }

    @SuppressWarnings("unchecked")
    private static String bytesOf(AssertableApplicationContext context, Object value) {
        PayloadBuffer out = new PayloadBuffer();
        ((Serializer<Object>) of(context).value())
                .serializeTo(SerializationContext.forValue("t", Headers.empty()), value, out);
        return new String(out.array(), out.offset(), out.length(), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static Headers headersOf(AssertableApplicationContext context) {
        SerializationContext seen = SerializationContext.forValue("t", Headers.empty());
        ((Serializer<Object>) of(context).value()).serializeTo(seen, new Placed("o-1", null), new PayloadBuffer());
        return seen.headers();
    }

    record Placed(String id, @Nullable String note) {}

    @Test
    void takesTheOnlyBeanForTheValues() {
        runner.withBean("any", Serializer.class, Serializers::bytes).run(context -> {
            assertThat(of(context).key()).isSameAs(Serializers.string());
            assertThat(of(context).value()).isSameAs(Serializers.bytes());
        });
    }

    @Test
    void takesBeansByTheirNames() {
        runner.withBean(ProducerSerializers.KEY_BEAN, Serializer.class, Serializers::uuid)
                .withBean(ProducerSerializers.VALUE_BEAN, Serializer.class, Serializers::bytes)
                .withBean("other", Serializer.class, Serializers::longs)
                .run(context -> {
                    assertThat(of(context).key()).isSameAs(Serializers.uuid());
                    assertThat(of(context).value()).isSameAs(Serializers.bytes());
                });
    }

    @Test
    void takesBeansByTheirQualifiers() {
        runner.withUserConfiguration(Qualified.class).run(context -> {
            assertThat(of(context).key()).isSameAs(Serializers.uuid());
            assertThat(of(context).value()).isSameAs(Serializers.bytes());
        });
    }

    @Test
    void leavesTheKeysBeanOutWhenItLooksForTheValues() {
        runner.withBean(ProducerSerializers.KEY_BEAN, Serializer.class, Serializers::uuid)
                .run(context -> assertThat(of(context).value()).isInstanceOf(DelegatingSerializer.class));
        runner.withBean(ProducerSerializers.KEY_BEAN, Serializer.class, Serializers::uuid)
                .withBean("other", Serializer.class, Serializers::longs)
                .run(context -> assertThat(of(context).value()).isSameAs(Serializers.longs()));
    }

    @Test
    void takesThePrimaryBeanOfSeveral() {
        runner.withUserConfiguration(WithPrimary.class)
                .run(context -> assertThat(of(context).value()).isSameAs(Serializers.bytes()));
    }

    @Test
    void makesTheClassOfThePropertyWithInjectionAndClosesIt() {
        List<String> closed = new ArrayList<>();
        runner.withPropertyValues(PROPERTY_VALUE)
                .withBean(Dependency.class, () -> new Dependency(closed))
                .withBean("other", Serializer.class, Serializers::longs)
                .run(context -> {
                    assertThat(of(context).value()).isInstanceOf(InjectedSerializer.class);
                    assertThat(context).doesNotHaveBean(InjectedSerializer.class);
                    context.close();
                    assertThat(closed).containsExactly("closed");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "byteBuffer",
                "byte-buffer",
                " ByteBufferSerializer ",
                "org.apache.kafka.common.serialization.ByteBufferSerializer"
            })
    void takesABuiltInSerializerByItsNameWithoutLoadingKafkasClass(String name) {
        runner.withClassLoader(new FilteredClassLoader("org.apache.kafka"))
                .withPropertyValues("app.producer.key-serializer=uuid")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("name", Map.of(ProducerSerializers.VALUE_PROPERTY, name))))
                .withBean("other", Serializer.class, Serializers::longs)
                .run(context -> {
                    assertThat(of(context).key()).isSameAs(Serializers.uuid());
                    assertThat(of(context).value()).isSameAs(Serializers.byteBuffer());
                });
    }

    @Test
    void looksForTheClassWhereTheContextDoes() {
        runner.withClassLoader(new FilteredClassLoader(InjectedSerializer.class))
                .withPropertyValues(PROPERTY_VALUE)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(InvalidProducerPropertiesException.class)
                        .hasMessageContaining("there is no such class"));
    }

    @Test
    void takesTheBeanOfThePropertysClass() {
        List<String> closed = new ArrayList<>();
        runner.withPropertyValues(PROPERTY_VALUE)
                .withBean(Dependency.class, () -> new Dependency(closed))
                .withBean(InjectedSerializer.class)
                .run(context -> {
                    assertThat(of(context).value()).isSameAs(context.getBean(InjectedSerializer.class));
                    context.close();
                    assertThat(closed).containsExactly("closed");
                });
    }

    @Test
    void needsNothingIfTheFactoryIsTheApplications() {
        runner.withBean(UnopenedFactory.class)
                .withBean("orders", Serializer.class, Serializers::bytes)
                .withBean("invoices", Serializer.class, Serializers::uuid)
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static ProducerSerializers of(AssertableApplicationContext context) {
        return context.getBean(ProducerSerializers.class);
    }

    record Dependency(List<String> closed) {}

    static final class InjectedSerializer implements Serializer<String> {

        private final Dependency dependency;

        InjectedSerializer(Dependency dependency) {
            this.dependency = Objects.requireNonNull(dependency);
        }

        @Override
        public byte @Nullable [] serialize(String topic, String data) {
            return null;
        }

        @Override
        public void close() {
            dependency.closed().add("closed");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Qualified {

        @Bean
        @Qualifier(ProducerSerializers.KEY_BEAN) Serializer<UUID> uuids() {
            return Serializers.uuid();
        }

        @Bean
        @Qualifier(ProducerSerializers.VALUE_BEAN) Serializer<byte[]> bytes() {
            return Serializers.bytes();
        }

        @Bean
        Serializer<Long> longs() {
            return Serializers.longs();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithPrimary {

        @Bean
        Serializer<UUID> uuids() {
            return Serializers.uuid();
        }

        @Bean
        @Primary
        Serializer<byte[]> bytes() {
            return Serializers.bytes();
        }
    }
}
