package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.spring.observation.ProducerObservations;
import io.micrometer.observation.ObservationRegistry;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What a template adds to a send of the engine: bytes, which unlike time can be told on any machine. Metrics add none, as
 * they are counted for each batch by the engine's observer.
 */
class SendCostTest {

    private static final int SENDS = 20_000;
    private static final int MOST_BYTES = 64;

    private final CompletableFuture<RecordMetadata> accepted = new CompletableFuture<>();
    private final ProducerRecord<String, String> record = new ProducerRecord<>("orders", "v");
    private final ProducerFactory<String, String> factory = new Factory(engine());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

    @Test
    void allocatesNoMoreThanItMay() {
        assertThat(bytesPerSend()).isLessThanOrEqualTo(MOST_BYTES);
    }

    @Test
    void allocatesNothingMoreWithObservationsThatAreOff() {
        long plain = bytesPerSend();
        template.setInstrumentation(new ProducerObservations(ObservationRegistry.NOOP));

        assertThat(bytesPerSend()).isEqualTo(plain);
    }

    private long bytesPerSend() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        send();
        long before = threads.getCurrentThreadAllocatedBytes();
        send();
        return Math.round((double) (threads.getCurrentThreadAllocatedBytes() - before) / SENDS);
    }

    private void send() {
        for (int i = 0; i < SENDS; i++) {
            template.send(record).complete(null);
        }
    }

    /** Accepts everything and allocates as little as can be: one array for the arguments, and whatever a proxy needs. */
    @SuppressWarnings("unchecked") // of the proxy
    private Producer<String, String> engine() {
        return (Producer<String, String>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> accepted);
    }

    private record Factory(Producer<String, String> engine) implements ProducerFactory<String, String> {

        @Override
        public Producer<String, String> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "orders";
        }
    }
}
