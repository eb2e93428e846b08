package dev.millrace.spring.inspection;

import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerFactoryListener;
import dev.millrace.spring.ProducerWatch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All engine producers that are open, of any number of factories. Safe for use by any number of threads. */
public final class OpenProducers implements ProducerFactoryListener {

    private final Map<ProducerFactory<?, ?>, List<OpenProducer>> producers = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** None yet. */
    public OpenProducers() {
        this(System::nanoTime);
    }

    /** With another clock. */
    OpenProducers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Those of one factory, the first opened first. */
    public List<OpenProducer> of(ProducerFactory<?, ?> factory) {
        return List.copyOf(producers.getOrDefault(factory, List.of()));
    }

    @Override
    public ProducerWatch watch(ProducerFactory<?, ?> factory, String clientId, @Nullable String transactionalId) {
        return new OpenProducer(
                clientId,
                transactionalId,
                nanoTime,
                producers.computeIfAbsent(factory, each -> new CopyOnWriteArrayList<>()));
    }
}
