package dev.millrace.autoconfigure;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.TransactionalProducerPool.PoolState;
import dev.millrace.spring.inspection.OpenProducer;
import dev.millrace.spring.inspection.OpenProducers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** Shows the producers of an application at work, and resets them for whoever is given the access to. */
@Endpoint(id = "producers", defaultAccess = Access.READ_ONLY)
public class ProducersEndpoint {

    private static final long PATIENCE_MILLIS = 500;

    private final Map<String, DefaultProducerFactory<?, ?>> factories;
    private final OpenProducers producers;
    private final EffectiveSettings settings;

    ProducersEndpoint(
            Map<String, DefaultProducerFactory<?, ?>> factories, OpenProducers producers, EffectiveSettings settings) {
        this.factories = Map.copyOf(factories);
        this.producers = producers;
        this.settings = settings;
    }

    /** All producers, by the names of their factories. */
    @ReadOperation
    public ProducersDescriptor producers() {
        Map<String, ProducerDescriptor> described = new LinkedHashMap<>();
        factories.keySet().stream().sorted().forEach(name -> described.put(name, describe(factory(name))));
        return new ProducersDescriptor(described);
    }

    /** One of them. */
    @ReadOperation
    public ProducerDescriptor producer(@Selector String name) {
        return describe(factory(name));
    }

    /** Closes the engine producers of a factory, delivering what is on its way; the next send brings new ones. */
    @WriteOperation
    public void reset(@Selector String name) {
        factory(name).reset();
    }

    private DefaultProducerFactory<?, ?> factory(String name) {
        DefaultProducerFactory<?, ?> factory = factories.get(name);
        if (factory == null) {
            throw new InvalidEndpointRequestException(
                    "no producer factory has the name '" + name + "'; there are " + factories.keySet(),
                    "unknown producer");
        }
        return factory;
    }

    private ProducerDescriptor describe(DefaultProducerFactory<?, ?> factory) {
        List<ClientDescriptor> clients =
                producers.of(factory).stream().map(ProducersEndpoint::describe).toList();
        PoolState pool =
                factory.isTransactional() ? factory.getTransactionalProducers().state() : null;
        return new ProducerDescriptor(factory.isRunning(), clients, pool, settings.of(factory.getConfig()));
    }

    private static ClientDescriptor describe(OpenProducer open) {
        OpenProducer.Failure failure = open.failure();
        return new ClientDescriptor(
                open.clientId(),
                open.transactionalId(),
                open.clusterId(),
                failure == null ? null : failure.message(),
                open.look(PATIENCE_MILLIS));
    }

    /**
     * All producers.
     *
     * @param producers by the names of their factories
     */
    public record ProducersDescriptor(Map<String, ProducerDescriptor> producers) {}

    /**
     * One factory.
     *
     * @param running whether it gives producers
     * @param clients the engine producers that are open, none before the first send
     * @param transactionalProducers null without transactions
     * @param settings effective values by property
     */
    public record ProducerDescriptor(
            boolean running,
            List<ClientDescriptor> clients,
            @Nullable PoolState transactionalProducers,
            Map<String, SettingDescriptor> settings) {}

    /**
     * One engine producer.
     *
     * @param clientId what brokers see in logs and quotas
     * @param transactionalId null for the one that sends without transactions
     * @param clusterId null if the cluster has not been heard of
     * @param lastError null if something was delivered since
     * @param pipeline what waits where, and which part holds the others up; null if nobody tells in time
     */
    public record ClientDescriptor(
            String clientId,
            @Nullable String transactionalId,
            @Nullable String clusterId,
            @Nullable String lastError,
            @Nullable PipelineSnapshot pipeline) {}

    /**
     * One setting.
     *
     * @param value as the engine understands it, with its unit; secrets are masked
     * @param origin whether it is a default, was set, or follows from others
     */
    public record SettingDescriptor(Object value, String origin) {}
}
