package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.WireBytes;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulationDefaults;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** {@link NettyFrameDecoder} without a socket, alone or behind TLS. For one thread. */
final class DecodedStream implements AutoCloseable {

    private static final BrokerAddress BROKER = new BrokerAddress("broker", 9092);
    private static final NettyTransport NEVER_USED = new NettyTransport(
            new NettyEventLoop("unused"), HostResolver.SYSTEM, SimulationDefaults.connectionSettings());

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final List<String> frames = new ArrayList<>();
    private final EmbeddedChannel netty;
    private boolean isOpen;
    private @Nullable Throwable closeCause; // null while nothing is wrong

    DecodedStream() {
        this(List.of());
    }

    /** What arrives comes from a broker that is to speak TLS with this engine. */
    static DecodedStream overTls(SSLEngine engine) {
        return new DecodedStream(List.of(engine));
    }

    private DecodedStream(List<SSLEngine> tls) {
        NettyChannel channel = new NettyChannel(NEVER_USED, loop, BROKER, new Transport.ChannelListener() {
            @Override
            public void onOpen() {
                isOpen = true;
            }

            @Override
            public void onFrame(ByteBuffer frame) {
                byte[] bytes = new byte[frame.remaining()];
                frame.get(bytes);
                frames.add(WireBytes.hex(bytes));
            }

            @Override
            public void onClosed(Throwable cause) {
                closeCause = cause;
            }
        });
        netty = new EmbeddedChannel();
        netty.config().setAllocator(memory);
        tls.forEach(engine ->
                NettyTransport.secure(netty.pipeline(), new SslHandler(engine, Runnable::run), channel, false));
        netty.pipeline().addLast(new NettyFrameDecoder(channel));
    }

    /** Bytes arrive. */
    void receive(byte[] piece) {
        netty.writeInbound(netty.alloc().heapBuffer(piece.length).writeBytes(piece));
        loop.runReady();
    }

    /** Whether requests may travel. */
    boolean isOpen() {
        return isOpen;
    }

    /** The frames that came out, in hexadecimal. */
    List<String> frames() {
        return frames;
    }

    /** Why the connection is closed, null while it is not. */
    @Nullable
    Throwable closeCause() {
        return closeCause;
    }

    /** What is kept of what has arrived. */
    long usedBytes() {
        return memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory();
    }

    @Override
    public void close() {
        netty.finishAndReleaseAll();
        loop.runReady();
    }
}
