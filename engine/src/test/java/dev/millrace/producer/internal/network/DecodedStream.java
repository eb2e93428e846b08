package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.WireBytes;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.internal.simulation.SimulationDefaults;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link NettyFrameDecoder} without a socket. For one thread. */
final class DecodedStream implements AutoCloseable {

    private static final NettyTransport NEVER_USED = new NettyTransport(
            new NettyEventLoop("unused"), HostResolver.SYSTEM, SimulationDefaults.connectionSettings());

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final List<String> frames = new ArrayList<>();
    private final EmbeddedChannel netty;
    private @Nullable Throwable closeCause; // null while nothing is wrong

    DecodedStream() {
        NettyChannel channel =
                new NettyChannel(NEVER_USED, loop, new BrokerAddress("broker", 9092), new Transport.ChannelListener() {
                    @Override
                    public void onOpen() {}

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
        netty = new EmbeddedChannel(new NettyFrameDecoder(channel));
        netty.config().setAllocator(memory);
    }

    /** Bytes arrive. */
    void receive(byte[] piece) {
        netty.writeInbound(netty.alloc().heapBuffer(piece.length).writeBytes(piece));
        loop.runReady();
    }

    /** The frames that came out, in hexadecimal. */
    List<String> frames() {
        return frames;
    }

    /** Why the connection is closed, null while it is not. */
    @Nullable Throwable closeCause() {
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
