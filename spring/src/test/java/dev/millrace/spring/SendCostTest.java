package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.spring.observation.ProducerObservations;
import io.micrometer.observation.ObservationRegistry;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a template adds to a send of the engine: bytes, which unlike time can be told on any machine. Metrics add none, as
 * they are counted for each batch by the engine's observer.
 */
class SendCostTest {

    private static final int SENDS = 20_000;
    private static final int MOST_BYTES = 64;
    private static final SendCallback NO_CALLBACK = (metadata, failure) -> {};

    private final CompletableFuture<RecordMetadata> accepted = new CompletableFuture<>();
    private final ProducerRecord<String, String> record = new ProducerRecord<>("orders", "v");
    private final Producer<String, String> engine = engine();
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(new Factory(engine));

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

    /** Above what the stand-in for the engine costs. */
    private long bytesPerSend() {
        return bytesPer(() -> template.send(record).complete(null))
                - bytesPer(() -> engine.send(record, NO_CALLBACK).isDone());
    }

    private static long bytesPer(Supplier<@Nullable Object> call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        repeat(call);
        long before = threads.getCurrentThreadAllocatedBytes();
        repeat(call);
        return Math.round((double) (threads.getCurrentThreadAllocatedBytes() - before) / SENDS);
    }

    private static void repeat(Supplier<@Nullable Object> call) {
        for (int i = 0; i < SENDS; i++) {
            Object unused = call.get();
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
