package dev.millrace.producer.internal;

import dev.millrace.producer.Producer;
import dev.millrace.producer.config.HostAndPort;
import dev.millrace.producer.config.MetadataConfig;
import dev.millrace.producer.config.MetadataRecovery;
import dev.millrace.producer.config.NetworkConfig;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SaslConfig;
import dev.millrace.producer.config.SecurityConfig;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.concurrent.DeliveryExecutor;
import dev.millrace.producer.internal.concurrent.LoopCall;
import dev.millrace.producer.internal.concurrent.OnDemandExecutor;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.MetadataSettings;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.ConnectionCommons;
import dev.millrace.producer.internal.network.ConnectionSettings;
import dev.millrace.producer.internal.network.HostResolver;
import dev.millrace.producer.internal.network.NettyEventLoop;
import dev.millrace.producer.internal.network.NettyTransport;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.network.security.Authentication;
import dev.millrace.producer.internal.network.security.LoginParts;
import dev.millrace.producer.internal.network.security.SaslAuthentication;
import dev.millrace.producer.internal.time.WallClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the producers of one cluster share: the event loop, the delivery executor, the compression threads and the view of
 * the cluster. The first
 * producer makes it, the last one that closes ends it.
 */
final class SharedCluster {

    private static final Logger LOG = LoggerFactory.getLogger(Producer.class);
    private static final Map<Key, SharedCluster> OPEN = new HashMap<>(); // guarded by itself

    private final Key key;
    private final NettyEventLoop loop;
    private final Transport transport;
    private final DeliveryExecutor delivery;
    private final OnDemandExecutor compression;
    private final Codecs codecs = new Codecs();
    private final OnDemandExecutor login;
    private final Authentication authentication;
    private final ClusterMetadata metadata;
    private final @Nullable TlsSide tls; // null without TLS
    private int users; // guarded by OPEN

    private SharedCluster(Key key, ProducerConfig config, @Nullable TlsSide tls) {
        this.key = key;
        this.tls = tls;
        ConnectionSettings connections = connectionSettings(config);
        loop = new NettyEventLoop(config.clientId() + "-io");
        transport =
                new NettyTransport(loop, HostResolver.SYSTEM, connections, tls == null ? null : tls.transportPart());
        delivery = new DeliveryExecutor(config.clientId() + "-delivery");
        compression = OnDemandExecutor.forCompression(config.clientId() + "-compress");
        login = OnDemandExecutor.forLogins(config.clientId() + "-login");
        authentication = authentication(
                config, new LoginParts(loop, login, WallClock.SYSTEM, new SplittableRandom(), connections.logPrefix()));
        metadata = new ClusterMetadata(
                loop,
                transport,
                connections,
                metadataSettings(config),
                new SplittableRandom(),
                ConnectionCommons.of(connections.logPrefix(), authentication));
        loop.addEndListener(this::loopEnded);
    }

    /** Producers that agree in all of this can share. */
    private record Key(
            List<HostAndPort> bootstrap,
            NetworkConfig network,
            MetadataConfig metadata,
            SecurityConfig security,
            Duration requestTimeout,
            Duration retryBackoff,
            Duration retryBackoffMax) {

        static Key of(ProducerConfig config) {
            return new Key(
                    config.bootstrapServers(),
                    config.network(),
                    config.metadata(),
                    config.security(),
                    config.delivery().requestTimeout(),
                    config.delivery().retryBackoff(),
                    config.delivery().retryBackoffMax());
        }
    }

    /**
     * The cluster of this configuration, for one more user. Keys and trusted authorities are loaded here if nobody has yet,
     * on the calling thread.
     *
     * @throws dev.millrace.producer.errors.ConfigException if they cannot be used; nothing is left behind
     */
    static SharedCluster acquire(ProducerConfig config) {
        Key key = Key.of(config);
        SharedCluster open = join(key);
        if (open != null) {
            return open;
        }
        TlsSide loaded = TlsSide.load(config); // before the lock: it may wait
        SharedCluster cluster;
        synchronized (OPEN) {
            cluster = join(key);
            if (cluster == null) {
                cluster = new SharedCluster(key, config, loaded);
                cluster.start();
                OPEN.put(key, cluster);
                cluster.users++;
                return cluster;
            }
        }
        if (loaded != null) {
            loaded.close(); // somebody else was faster
        }
        return cluster;
    }

    /** As configured; does nothing before it is started. */
    static Authentication authentication(ProducerConfig config, LoginParts parts) {
        SaslConfig sasl = config.security().sasl();
        return sasl == null ? Authentication.NONE : SaslAuthentication.of(sasl, parts);
    }

    private static @Nullable SharedCluster join(Key key) {
        synchronized (OPEN) {
            SharedCluster open = OPEN.get(key);
            if (open != null) {
                open.users++;
            }
            return open;
        }
    }

    private void start() {
        authentication.start();
        metadata.start();
        if (tls != null) {
            tls.start(loop, metadata.connectionCommons().renewal());
        }
    }

    /** One user less; the last one ends everything and waits for the threads to be gone. */
    void release() {
        synchronized (OPEN) {
            users--;
            if (users > 0) {
                return;
            }
            OPEN.remove(key, this);
        }
        // first, or an attempt to connect that is under way would be reported as a failure of the broker
        LoopCall.run(loop, metadata::close);
        authentication.close();
        login.close();
        compression.close(); // before the loop, to which it brings its work back
        loop.close();
        if (tls != null) {
            tls.close();
        }
        codecs.close();
        delivery.close();
    }

    /** The producers that are left fail by themselves; the next one that opens must not get this cluster. */
    private void loopEnded() {
        synchronized (OPEN) {
            if (OPEN.remove(key, this)) {
                LOG.error(
                        "event loop ended while producers use it: cluster={} producers={}; close them and open new"
                                + " ones",
                        key.bootstrap(),
                        users);
            }
        }
    }

    static ConnectionSettings connectionSettings(ProducerConfig config) {
        NetworkConfig network = config.network();
        return new ConnectionSettings(
                config.clientId(),
                config.delivery().requestTimeout().toNanos(),
                network.connectionSetupTimeout().toNanos(),
                network.connectionSetupTimeoutMax().toNanos(),
                network.reconnectBackoff().toNanos(),
                network.reconnectBackoffMax().toNanos(),
                network.connectionMaxIdle().toNanos(),
                config.delivery().maxInFlightRequests(),
                network.sendBufferBytes(),
                network.receiveBufferBytes());
    }

    /** What a producer takes from it. */
    Surroundings surroundings() {
        return new Surroundings(
                loop,
                transport,
                delivery,
                compression,
                codecs,
                metadata,
                new SplittableRandom(),
                WallClock.SYSTEM,
                this::release);
    }

    static MetadataSettings metadataSettings(ProducerConfig config) {
        return new MetadataSettings(
                config.bootstrapServers().stream()
                        .map(server -> new BrokerAddress(server.host(), server.port()))
                        .toList(),
                config.network().dnsLookup(),
                config.metadata().bootstrapResolveTimeout().toNanos(),
                config.metadata().maxAge().toNanos(),
                config.metadata().maxIdle().toNanos(),
                config.delivery().retryBackoff().toNanos(),
                config.delivery().retryBackoffMax().toNanos(),
                config.metadata().recovery() == MetadataRecovery.REBOOTSTRAP
                        ? MetadataSettings.Rebootstrap.ALLOWED
                        : MetadataSettings.Rebootstrap.NEVER,
                config.metadata().rebootstrapTrigger().toNanos());
    }
}
