package dev.millrace.producer.internal.network;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection of {@link NettyTransport}: tries the addresses of a name, then carries frames. */
@EventLoopOnly
final class NettyChannel implements Transport.Channel {

    private static final int MAX_PORT = 0xffff;
    private static final int NO_TIMEOUT = 0; // the connection's owner has one
    private static final int MILLIS_PER_ADDRESS = 3_000; // while there is another one to try

    private static final int MAX_COPIED_BYTES = 1_024;

    private final NettyTransport transport;
    private final EventLoop loop;
    private final BrokerAddress address;
    private final Transport.ChannelListener listener;

    private @Nullable Channel channel; // null until the first address was tried
    private @Nullable InetAddress ip; // null while none is tried or in use
    private @Nullable Throwable closeCause; // why we close it, null while we do not
    private boolean open;
    private boolean heard; // a frame
    private boolean closed;
    private boolean flushQueued;

    NettyChannel(NettyTransport transport, EventLoop loop, BrokerAddress address, Transport.ChannelListener listener) {
        this.transport = transport;
        this.loop = loop;
        this.address = address;
        this.listener = listener;
    }

    BrokerAddress address() {
        return address;
    }

    /** Tries the addresses in order until one takes the connection. */
    void connectToAny(List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            finish(new UnknownHostException("unknown host: " + address));
        } else if (address.port() < 1 || address.port() > MAX_PORT) { // a broker may say anything of another one
            finish(new IOException("cannot connect to " + address + ": not a port"));
        } else if (!closed) {
            connectTo(addresses, 0);
        }
    }

    private void connectTo(List<InetAddress> addresses, int index) {
        boolean isLast = index == addresses.size() - 1;
        ip = addresses.get(index);
        ChannelFuture attempt =
                transport.open(addresses.get(index), address.port(), isLast ? NO_TIMEOUT : MILLIS_PER_ADDRESS, this);
        channel = attempt.channel();
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                return; // onActive comes from the pipeline
            }
            ended();
            if (closeCause != null) { // may be running inside close(), which must not call the listener
                loop.execute(() -> finish(explain(done.cause())));
            } else if (isLast) {
                finish(explain(done.cause()));
            } else {
                connectTo(addresses, index + 1);
            }
        });
    }

    private IOException explain(Throwable cause) {
        if (cause instanceof ConnectException) {
            String text = String.valueOf(cause.getMessage());
            if (text.contains("refused")) {
                return new IOException("nothing listens at " + address + " (connection refused)", cause);
            }
        }
        return new IOException("cannot connect to " + address + ": " + cause.getMessage(), cause);
    }

    /** The socket is connected. */
    void onActive() {
        if (closeCause == null) {
            open = true;
            listener.onOpen();
        }
    }

    /** A whole frame; the view is valid during the call. */
    void onFrame(ByteBuffer frame) {
        if (closeCause == null) {
            heard = true;
            listener.onFrame(frame);
        }
    }

    /** The socket is closed, and Netty has let go of every buffer that was queued. */
    void onInactive() {
        if (open || closeCause != null) {
            String hint = heard
                    ? ""
                    : " before it answered; a firewall, or a listener with another security protocol: check its port"
                            + " and "
                            + Setting.SECURITY_PROTOCOL;
            finish(new IOException("connection to " + address + " closed by the other side" + hint));
        }
    }

    /** TLS came to nothing; the cause explains itself. */
    void onRefused(Throwable cause) {
        closeFor(cause);
    }

    /** Something in the pipeline failed, or a listener threw: the channel is of no further use. */
    void onError(Throwable cause) {
        boolean saysNothingNew = cause instanceof ClosedChannelException; // onInactive follows
        if (closeCause == null && !saysNothingNew) {
            String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            closeFor(new IOException("connection to " + address + " failed: " + text, cause));
        }
    }

    @Override
    public void write(List<ByteBuffer> frame, Runnable onWritten) {
        Channel current = channel;
        if (current == null || closeCause != null || closed) {
            return; // the listener hears of the close, and of nothing else
        }
        int next = 0;
        while (next < frame.size()) {
            int end = endOfSmall(frame, next);
            ByteBuf piece = end == next ? Unpooled.wrappedBuffer(frame.get(next)) : gathered(current, frame, next, end);
            next = Math.max(next + 1, end);
            if (next < frame.size()) {
                ChannelFuture unused = current.write(piece, current.voidPromise());
            } else {
                current.write(piece).addListener(done -> {
                    if (done.isSuccess()) {
                        onWritten.run();
                    } else if (done.cause() instanceof IOException) {
                        onError(done.cause());
                    }
                });
            }
        }
        flushSoon(current);
    }

    /** Behind the pieces from here on that are copied; the index itself if this one travels as it is. */
    private static int endOfSmall(List<ByteBuffer> frame, int from) {
        int end = from;
        while (end < frame.size() && isCopied(frame.get(end))) {
            end++;
        }
        return end;
    }

    /** The operating system needs direct memory; and of little memory a copy costs less than what Netty puts around it. */
    private static boolean isCopied(ByteBuffer piece) {
        return !piece.isDirect() || piece.remaining() <= MAX_COPIED_BYTES;
    }

    private static ByteBuf gathered(Channel channel, List<ByteBuffer> frame, int from, int end) {
        int bytes = 0;
        for (int i = from; i < end; i++) {
            bytes += frame.get(i).remaining();
        }
        ByteBuf gathered = channel.alloc().directBuffer(Math.max(1, bytes));
        for (int i = from; i < end; i++) {
            ByteBuffer piece = frame.get(i);
            int position = piece.position();
            gathered.writeBytes(piece);
            piece.position(position);
        }
        return gathered;
    }

    /** One system call for all frames that are written in one pass of the loop. */
    private void flushSoon(Channel current) {
        if (!flushQueued) {
            flushQueued = true;
            loop.execute(() -> {
                flushQueued = false;
                current.flush();
            });
        }
    }

    @Override
    public String waitsFor() {
        Channel current = channel;
        if (current == null) {
            return "the address of " + address.host();
        }
        return current.isActive() ? "the TLS handshake" : "the TCP connection";
    }

    @Override
    public void close() {
        closeFor(new IOException("connection to " + address + " closed by this side"));
    }

    private void closeFor(Throwable cause) {
        if (closed || closeCause != null) {
            return;
        }
        closeCause = cause;
        Channel current = channel;
        if (current == null) {
            loop.execute(() -> finish(cause));
        } else {
            boolean wasOpen = open;
            current.close().addListener(done -> {
                if (!wasOpen) { // one that was never active does not become inactive
                    loop.execute(() -> finish(cause));
                }
            });
        }
    }

    private void ended() {
        InetAddress tried = ip;
        if (tried != null) {
            ip = null;
            transport.ended(address, tried);
        }
    }

    private void finish(Throwable cause) {
        if (!closed) {
            closed = true;
            ended();
            listener.onClosed(closeCause == null ? cause : closeCause);
        }
    }
}
