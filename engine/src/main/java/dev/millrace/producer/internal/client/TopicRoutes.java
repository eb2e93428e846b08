package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The routes to the topics that are in use. Any thread. */
final class TopicRoutes {

    private final PartitioningSettings partitioning;
    private final RecordAccumulator accumulator;
    private final ClusterMetadata metadata;
    private final EventLoop loop;
    private final ConcurrentMap<String, TopicRoute> routes = new ConcurrentHashMap<>();

    TopicRoutes(ClientParts parts) {
        this.partitioning = parts.settings().partitioning();
        this.accumulator = parts.accumulator();
        this.metadata = parts.metadata();
        this.loop = parts.loop();
    }

    TopicRoute to(String topic) {
        TopicRoute route = routes.get(topic);
        return route != null ? route : routes.computeIfAbsent(topic, this::newRoute);
    }

    /** The route after one whose queues were given up as idle. */
    TopicRoute instead(TopicRoute retired) {
        routes.remove(retired.topic(), retired);
        return to(retired.topic());
    }

    /** Gives up the routes to queues that were given up. */
    void forgetRetired() {
        routes.values().removeIf(route -> route.queues().isRetired());
    }

    private TopicRoute newRoute(String topic) {
        return new TopicRoute(accumulator.topic(topic), partitioning, metadata::snapshot, loop::nanos);
    }
}
