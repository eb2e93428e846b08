package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // where records went is what is looked at
class RoutingProducerTemplateTest {

    private final FakeProducer<Object, Object> audit = new FakeProducer<>();
    private final FakeProducer<Object, Object> rest = new FakeProducer<>();
    private final RoutingProducerTemplate routing;

    RoutingProducerTemplateTest() {
        Map<Pattern, ProducerFactory<Object, Object>> factories = new LinkedHashMap<>();
        factories.put(Pattern.compile("audit\\..*"), new Fixed(audit));
        factories.put(Pattern.compile("a.*"), new Fixed(rest));
        routing = RoutingProducerTemplate.ofFactories(factories);
    }

    @Test
    void takesTheFirstThatMatchesAllOfTheTopic() {
        routing.send("audit.login", "v");
        routing.send("audit", "k", "v");
        routing.send(new ProducerRecord<>("audit.logout", 3, "k", "v"));
        routing.record("a").value("v").send();

        assertThat(audit.sent).extracting(sent -> sent.record().topic()).containsExactly("audit.login", "audit.logout");
        assertThat(rest.sent).extracting(sent -> sent.record().topic()).containsExactly("audit", "a");
        assertThat(routing.templateFor("audit.login")).isSameAs(routing.templateFor("audit.login"));
    }

    @Test
    void saysWhichPatternsThereAreForAnUnknownTopic() {
        assertThatIllegalStateException()
                .isThrownBy(() -> routing.send("orders", "v"))
                .withMessageContaining("'orders'")
                .withMessageContaining("audit\\..*, a.*");
        assertThatIllegalArgumentException().isThrownBy(() -> new RoutingProducerTemplate(Map.of()));
    }

    @Test
    void flushesAll() {
        routing.flush();
        assertThat(audit.flushes).hasValue(1);
        assertThat(rest.flushes).hasValue(1);

        CompletableFuture<Void> flushed = routing.flushAsync();
        audit.flush.complete(null);
        assertThat(flushed).isNotDone();
        rest.flush.complete(null);
        assertThat(flushed).isCompleted();
    }

    @Test
    void remembersSoManyTopicsOnly() {
        for (int i = 0; i < RoutingProducerTemplate.MAX_REMEMBERED + 10; i++) {
            assertThat(routing.templateFor("a" + i)).isNotNull();
        }
        assertThat(routing.templateFor("audit.x")).isNotSameAs(routing.templateFor("a1"));
    }

    private record Fixed(FakeProducer<Object, Object> engine) implements ProducerFactory<Object, Object> {

        @Override
        public Producer<Object, Object> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "fixed";
        }
    }
}
