package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.security.TlsFailures;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/**
 * Stands behind the handler of TLS and keeps the channel closed to what comes after until the handshake is done. In TLS
 * 1.3 a broker refuses a client's certificate only after the client's handshake is complete, so up to the first bytes a
 * refusal is one of the handshake.
 */
@EventLoopOnly
final class NettyTlsGate extends ChannelInboundHandlerAdapter {

    private final NettyChannel owner;
    private final BrokerAddress address;
    private final boolean hasKeys;
    private boolean open;
    private boolean heard; // bytes after the handshake

    NettyTlsGate(NettyChannel owner, BrokerAddress address, boolean hasKeys) {
        this.owner = owner;
        this.address = address;
        this.hasKeys = hasKeys;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        // only TCP is
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                open = true;
                context.fireChannelActive();
            } else {
                owner.onRefused(explain(handshake.cause()));
            }
        } else if (event instanceof SslCloseCompletionEvent) {
            ChannelFuture unused = context.close(); // nothing can come after it
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        context.fireChannelRead(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (!heard && root instanceof SSLException) {
            owner.onRefused(explain(root));
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    private Throwable explain(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return TlsFailures.notTls(address.host(), address.port(), cause);
        }
        if (cause instanceof ClosedChannelException) {
            return TlsFailures.ended(address.host(), address.port());
        }
        return TlsFailures.explain(address.host(), address.port(), cause, hasKeys);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!open) {
            owner.onRefused(TlsFailures.ended(address.host(), address.port()));
        }
        context.fireChannelInactive();
    }
}
