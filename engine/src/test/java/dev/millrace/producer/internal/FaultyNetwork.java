package dev.millrace.producer.internal;

import dev.millrace.producer.Producer;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.client.PlugIns;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.concurrent.DeliveryExecutor;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.ConnectionSettings;
import dev.millrace.producer.internal.network.HostResolver;
import dev.millrace.producer.internal.network.NettyEventLoop;
import dev.millrace.producer.internal.network.NettyTransport;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.time.WallClock;
import dev.millrace.producer.serialization.Serializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A whole producer on real sockets whose every connection goes through a {@link FaultyLink}, also those to addresses the
 * brokers advertise.
 */
public final class FaultyNetwork implements AutoCloseable {

    private final Map<BrokerAddress, FaultyLink> links = new ConcurrentHashMap<>();
    private final NettyEventLoop loop = new NettyEventLoop("faulty-io");
    private final DeliveryExecutor delivery = new DeliveryExecutor("faulty-delivery");

    /** The links to all brokers spoken to so far. */
    public List<FaultyLink> links() {
        return List.copyOf(links.values());
    }

    /** Opens the one producer of this network. */
    public <K, V> Producer<K, V> open(
            ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        ConnectionSettings connections = SharedCluster.connectionSettings(config);
        NettyTransport sockets = new NettyTransport(loop, HostResolver.SYSTEM, connections);
        Transport transport = new ThroughLinks(sockets);
        ClusterMetadata metadata = new ClusterMetadata(
                loop, transport, connections, SharedCluster.metadataSettings(config), new SplittableRandom());
        metadata.start();
        return ProducerAssembly.connect(
                config,
                new Surroundings(
                        loop,
                        transport,
                        delivery,
                        Runnable::run,
                        new Codecs(),
                        metadata,
                        new SplittableRandom(),
                        WallClock.SYSTEM,
                        () -> CompletableFuture.runAsync(metadata::close, loop).join()),
                new BufferPool(config.batching().bufferMemoryBytes()),
                new PlugIns<>(keySerializer, valueSerializer, null, List.of(), thread -> false, null));
    }

    /** Sockets that lead to links instead of brokers. */
    private final class ThroughLinks implements Transport {

        private final Transport sockets;

        ThroughLinks(Transport sockets) {
            this.sockets = sockets;
        }

        @Override
        public Channel connect(BrokerAddress address, ChannelListener listener) {
            return sockets.connect(throughLink(address), listener);
        }

        @Override
        public void canonicalNames(String host, Consumer<List<String>> answer) {
            sockets.canonicalNames(host, answer);
        }
    }

    @Override
    public void close() throws IOException {
        loop.close();
        delivery.close();
        for (FaultyLink link : links.values()) {
            link.close();
        }
    }

    private BrokerAddress throughLink(BrokerAddress address) {
        return new BrokerAddress(
                "127.0.0.1",
                links.computeIfAbsent(address, FaultyNetwork::newLink).port());
    }

    private static FaultyLink newLink(BrokerAddress address) {
        try {
            return new FaultyLink(address.host(), address.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
