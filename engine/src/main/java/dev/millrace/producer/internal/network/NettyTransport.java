package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Channels on TCP sockets. Names are resolved anew for each attempt to connect, never on the loop, and all addresses of
 * a name are tried in turn.
 */
@EventLoopOnly
public final class NettyTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private final NettyEventLoop loop;
    private final HostResolver resolver;
    private final ConnectionSettings settings;
    private final AddressRotation rotation = new AddressRotation();

    /** Its channels live on the given loop. */
    public NettyTransport(NettyEventLoop loop, HostResolver resolver, ConnectionSettings settings) {
        this.loop = loop;
        this.resolver = resolver;
        this.settings = settings;
    }

    @Override
    public Transport.Channel connect(BrokerAddress address, ChannelListener listener) {
        NettyChannel channel = new NettyChannel(this, loop, address, listener);
        resolve(address, channel::connectToAny);
        return channel;
    }

    /** Connects to one address; the channel's handlers are in place before any byte arrives. */
    ChannelFuture open(InetAddress ip, int port, int connectTimeoutMillis, NettyChannel owner) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.netty())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new NettyFrameDecoder(owner));
                    }
                });
        if (settings.sendBufferBytes() != ConnectionSettings.SYSTEM_DEFAULT) {
            bootstrap.option(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
        }
        if (settings.receiveBufferBytes() != ConnectionSettings.SYSTEM_DEFAULT) {
            bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
        }
        return bootstrap.connect(new InetSocketAddress(ip, port));
    }

    private void resolve(BrokerAddress address, BiConsumer<List<InetAddress>, @Nullable IOException> result) {
        if (NetUtil.isValidIpV4Address(address.host()) || NetUtil.isValidIpV6Address(address.host())) {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
            loop.execute(() -> result.accept(List.of(literal), null));
            return;
        }
        Thread thread = new Thread(() -> resolveBlocking(address, result), "millrace-dns-" + address.host());
        thread.setDaemon(true);
        thread.start();
    }

    private void resolveBlocking(BrokerAddress address, BiConsumer<List<InetAddress>, @Nullable IOException> result) {
        List<InetAddress> found = List.of();
        IOException failure = null;
        try {
            found = resolver.resolve(address.host());
        } catch (UnknownHostException | RuntimeException e) {
            failure = new IOException("unknown host: " + address, e);
        }
        List<InetAddress> all = found;
        IOException problem = failure == null && all.isEmpty() ? new IOException("unknown host: " + address) : failure;
        try {
            loop.execute(() -> result.accept(rotation.order(address, all), problem));
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop closed while resolving: address={}", address, e);
        }
    }

    /** Remembers which address of a name is being tried, so that the next attempt begins with another. */
    void trying(BrokerAddress address, InetAddress ip) {
        rotation.trying(address, ip);
    }
}
