package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.security.TlsEngines;
import dev.millrace.producer.internal.network.security.TlsFailures;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Channels on TCP sockets. Names are resolved anew for each attempt to connect, never on the loop, and all addresses of
 * a name are tried in turn. The names come from a resolver that may block, so it has threads of its own.
 */
@EventLoopOnly
public final class NettyTransport implements Transport {

    private static final int CLOSE_NOTIFY_MILLIS = 500; // a broker that does not read must not delay a close

    private final NettyEventLoop loop;
    private final ConnectionSettings settings;
    private final @Nullable Tls tls; // null without
    private final AddressRotation rotation = new AddressRotation();
    private final HostLookups<InetAddress> addressesOf;
    private final HostLookups<String> namesOf;

    /** Its channels live on the given loop, without TLS. */
    public NettyTransport(NettyEventLoop loop, HostResolver resolver, ConnectionSettings settings) {
        this(loop, resolver, settings, null);
    }

    /** As above, with TLS unless it is null. */
    public NettyTransport(NettyEventLoop loop, HostResolver resolver, ConnectionSettings settings, @Nullable Tls tls) {
        this.loop = loop;
        this.settings = settings;
        this.tls = tls;
        addressesOf = new HostLookups<>(loop, resolver::resolve);
        namesOf = new HostLookups<>(loop, resolver::canonicalNames);
    }

    /**
     * TLS of the channels.
     *
     * @param engines one for each channel
     * @param work runs what takes long in a handshake, and users' trust managers
     */
    public record Tls(TlsEngines engines, Executor work) {}

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
                        addTls(channel, owner);
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

    private void addTls(SocketChannel channel, NettyChannel owner) {
        Tls with = tls;
        if (with == null) {
            return;
        }
        BrokerAddress address = owner.address();
        SslHandler handler = new SslHandler(with.engines().engine(address.host(), address.port()), with.work());
        handler.setHandshakeTimeoutMillis(0); // the connection's owner has one
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        secure(channel.pipeline(), handler, owner, with.engines().hasKeys());
    }

    /** TLS, and what watches over it on both sides. */
    static void secure(ChannelPipeline pipeline, SslHandler handler, NettyChannel owner, boolean hasKeys) {
        BrokerAddress address = owner.address();
        NettyRenegotiationGuard guard = new NettyRenegotiationGuard(
                () -> owner.onRefused(TlsFailures.renegotiation(address.host(), address.port())));
        handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                guard.handshakeDone(handler.engine().getSession().getProtocol());
            }
        });
        pipeline.addLast(guard, handler, new NettyTlsGate(owner, address, hasKeys));
    }

    @Override
    public boolean isEncrypted() {
        return tls != null;
    }

    @Override
    public void canonicalNames(String host, Consumer<List<String>> answer) {
        namesOf.ask(host, answer);
    }

    private void resolve(BrokerAddress address, Consumer<List<InetAddress>> result) {
        if (NetUtil.isValidIpV4Address(address.host()) || NetUtil.isValidIpV6Address(address.host())) {
            InetAddress literal = NetUtil.createInetAddressFromIpAddressString(address.host());
            loop.execute(() -> result.accept(List.of(literal)));
            return;
        }
        addressesOf.ask(address.host(), found -> result.accept(rotation.order(address, found)));
    }

    /** An attempt over this address of a name failed, or a connection over it is gone: the next one begins behind it. */
    void ended(BrokerAddress address, InetAddress ip) {
        rotation.ended(address, ip);
    }
}
