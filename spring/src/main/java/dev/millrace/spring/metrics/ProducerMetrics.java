package dev.millrace.spring.metrics;

import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerFactoryListener;
import dev.millrace.spring.ProducerTransactionFailedEvent;
import dev.millrace.spring.ProducerWatch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * Meters of every producer that the factories it listens to open, in every registry it is bound to; removed when the
 * producer closes. A factory gets it by {@link DefaultProducerFactory#setListeners}, before its first use.
 *
 * <p>A registry that is bound late has all of them from then on, counters with what was counted before. Safe for use by any
 * number of threads.
 */
public final class ProducerMetrics
        implements ProducerFactoryListener,
                MeterBinder,
                ApplicationListener<PayloadApplicationEvent<ProducerTransactionFailedEvent>>,
                DisposableBean {

    private final Tags commonTags;
    private final boolean isPerTopic;
    private final boolean hasSendTimer;
    private final LongSupplier nanoTime;

    // All guarded by this object's monitor.
    private final Set<MeterRegistry> registries = new LinkedHashSet<>();
    private final Map<ProducerFactory<?, ?>, FactoryMeters> factories = new LinkedHashMap<>();
    private final Map<Key, Client> clients = new HashMap<>();

    /**
     * Bound to nothing yet.
     *
     * @param tags what every meter has besides its own
     * @param perTopic whether there are {@code kafka.producer.topic} meters, for each topic that is sent to
     * @param sendTimer whether there is {@code app.producer.send}; no, if observations make a timer of that name
     */
    public ProducerMetrics(Iterable<Tag> tags, boolean perTopic, boolean sendTimer) {
        this(tags, perTopic, sendTimer, System::nanoTime);
    }

    /** With another clock. */
    ProducerMetrics(Iterable<Tag> tags, boolean perTopic, boolean sendTimer, LongSupplier nanoTime) {
        this.commonTags = Tags.of(tags);
        this.isPerTopic = perTopic;
        this.hasSendTimer = sendTimer;
        this.nanoTime = nanoTime;
    }

    /** Registers what there is and what will be. A second call with the same registry does nothing. */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (registries.add(registry)) {
            factories.values().forEach(factory -> factory.group().bindTo(registry));
            clients.values().stream()
                    .filter(client -> client.producers > 0)
                    .forEach(client -> client.meters.group().bindTo(registry));
        }
    }

    @Override
    public synchronized ProducerWatch watch(
            ProducerFactory<?, ?> factory, String clientId, @Nullable String transactionalId) {
        FactoryMeters shared = factories.computeIfAbsent(factory, this::newFactory);
        return clients.computeIfAbsent(
                        new Key(factory, clientId), key -> new Client(key, shared, transactionalId != null))
                .newWatch();
    }

    private FactoryMeters newFactory(ProducerFactory<?, ?> factory) {
        FactoryMeters first = new FactoryMeters(factory, new MeterGroup(), commonTags, hasSendTimer);
        first.register();
        registries.forEach(first.group()::bindTo);
        return first;
    }

    private synchronized void opened(Client client) {
        client.producers++;
        if (client.producers == 1) {
            clients.put(client.key, client);
            registries.forEach(client.meters.group()::bindTo);
        }
    }

    private synchronized void closed(Client client) {
        client.producers--;
        if (client.producers == 0) {
            clients.remove(client.key, client);
            client.meters.group().unbind();
            removeIfStopped(client.key.factory());
        }
    }

    /** Pooled producers come and go while their factory runs. */
    private void removeIfStopped(ProducerFactory<?, ?> factory) {
        boolean isLast = clients.keySet().stream().noneMatch(key -> key.factory() == factory);
        if (isLast && factory instanceof DefaultProducerFactory<?, ?> known && !known.isRunning()) {
            FactoryMeters gone = factories.remove(factory);
            if (gone != null) {
                gone.group().unbind();
            }
        }
    }

    /** Counts what nobody else is told of. */
    @Override
    public synchronized void onApplicationEvent(PayloadApplicationEvent<ProducerTransactionFailedEvent> event) {
        String name = event.getPayload().producerName();
        factories.forEach((factory, meters) -> {
            if (factory.getName().equals(name)) {
                meters.transactionFailedAfterCommit();
            }
        });
    }

    /** Removes all meters from all registries. */
    @Override
    public synchronized void destroy() {
        clients.values().forEach(client -> client.meters.group().unbind());
        factories.values().forEach(factory -> factory.group().unbind());
        clients.clear();
        factories.clear();
        registries.clear();
    }

    private record Key(ProducerFactory<?, ?> factory, String clientId) {}

    /** A client id, and how many producers have it: two while one takes the place of another that is still closing. */
    private final class Client {

        private final Key key;
        private final ClientMeters meters;
        private int producers;

        Client(Key key, FactoryMeters factory, boolean isTransactional) {
            this.key = key;
            MeterNames names =
                    new MeterNames(new MeterGroup(), commonTags, key.factory().getName(), key.clientId());
            this.meters =
                    new ClientMeters(names, new ClientCounts(names, isPerTopic, isTransactional, nanoTime), factory);
        }

        ProducerWatch newWatch() {
            return new ClientWatch(meters, () -> opened(this), () -> closed(this));
        }
    }
}
