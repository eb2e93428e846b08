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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A whole producer on real sockets whose every connection goes through a {@link FaultyLink}, also those to addresses the
 * brokers advertise; or one to which all brokers are on one host, with links where the test puts them.
 */
public final class FaultyNetwork implements AutoCloseable {

    private final Map<BrokerAddress, FaultyLink> links = new ConcurrentHashMap<>();
    private final NettyEventLoop loop = new NettyEventLoop("faulty-io");
    private final DeliveryExecutor delivery = new DeliveryExecutor("faulty-delivery");
    private final @Nullable HostResolver names; // null where every connection goes through a link

    /** With a link to each broker. */
    public FaultyNetwork() {
        this.names = null;
    }

    /** With these addresses of the one host all brokers have, and no link but those of {@link #linkAt}. */
    public FaultyNetwork(HostResolver names) {
        this.names = names;
    }

    /** Puts a link to a broker in the place of a broker: the same port of another address of this machine. */
    public FaultyLink linkAt(InetAddress address, BrokerAddress broker) throws IOException {
        FaultyLink link = new FaultyLink(new InetSocketAddress(address, broker.port()), broker);
        links.put(new BrokerAddress(address.getHostAddress(), broker.port()), link);
        return link;
    }

    /** The links to all brokers spoken to so far. */
    public List<FaultyLink> links() {
        return List.copyOf(links.values());
    }

    /** Opens the one producer of this network. */
    public <K, V> Producer<K, V> open(
            ProducerConfig config, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
        ConnectionSettings connections = SharedCluster.connectionSettings(config);
        HostResolver resolver = names == null ? HostResolver.SYSTEM : names;
        NettyTransport sockets = new NettyTransport(loop, resolver, connections);
        Transport transport = new Redirected(sockets, names == null ? this::throughLink : FaultyNetwork::byName);
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

    /** Sockets that lead elsewhere. */
    private record Redirected(Transport sockets, UnaryOperator<BrokerAddress> elsewhere) implements Transport {

        @Override
        public Channel connect(BrokerAddress address, ChannelListener listener) {
            return sockets.connect(elsewhere.apply(address), listener);
        }

        @Override
        public boolean isEncrypted() {
            return sockets.isEncrypted();
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

    /** Numbers would not be looked up. */
    private static BrokerAddress byName(BrokerAddress address) {
        return new BrokerAddress("broker.example", address.port());
    }

    private BrokerAddress throughLink(BrokerAddress address) {
        return new BrokerAddress(
                "127.0.0.1",
                links.computeIfAbsent(address, FaultyNetwork::newLink).port());
    }

    private static FaultyLink newLink(BrokerAddress address) {
        try {
            return new FaultyLink(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
