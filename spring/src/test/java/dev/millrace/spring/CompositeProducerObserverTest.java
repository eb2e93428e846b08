package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.CloseReport;
import dev.millrace.producer.observe.ProducerObserver;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompositeProducerObserverTest {

    private final List<String> calls = new ArrayList<>();

    @Test
    void passesOnEveryEventInOrder() throws Exception {
        ProducerObserver composite = new CompositeProducerObserver(List.of(recording("a"), recording("b")));
        List<String> expected = new ArrayList<>();

        for (Method event : ProducerObserver.class.getMethods()) {
            event.invoke(composite, new Object[] {null});
            expected.addAll(List.of("a." + event.getName(), "b." + event.getName()));
        }

        assertThat(calls).hasSizeGreaterThan(10).containsExactlyElementsOf(expected);
    }

    @Test
    void tellsTheOthersWhateverOneThrows() {
        ProducerObserver broken = new ProducerObserver() {
            @Override
            public void onClosed(CloseReport report) {
                throw new AssertionError("broken");
            }
        };
        ProducerObserver composite = new CompositeProducerObserver(List.of(broken, recording("b")));

        try (CapturedLog log = CapturedLog.of(CompositeProducerObserver.class)) {
            for (int i = 0; i < 5; i++) {
                composite.onClosed(new CloseReport(0, 0, 0, List.of()));
            }

            assertThat(calls).hasSize(5).containsOnly("b.onClosed");
            String line = "ERROR observer failed: observer=" + broken.getClass().getName() + " failures=";
            assertThat(log.lines()).containsExactly(line + 1, line + 2, line + 4);
        }
    }

    private ProducerObserver recording(String name) {
        return (ProducerObserver) Proxy.newProxyInstance(
                ProducerObserver.class.getClassLoader(),
                new Class<?>[] {ProducerObserver.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.invoke(name, arguments);
                    }
                    calls.add(name + "." + method.getName());
                    return null;
                });
    }
}
