package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * The one interface between the core and the outside world: opens byte channels that carry whole frames. Netty
 * implements it on sockets, a simulation in memory. Confined to the event loop.
 */
@EventLoopOnly
public interface Transport {

    /**
     * Starts to connect. All events of the channel arrive at the listener, on the event loop, never from within this
     * call.
     */
    Channel connect(BrokerAddress address, ChannelListener listener);

    /**
     * Asks for the canonical names of a host's addresses (reverse lookup).
     *
     * @param answer takes them, empty if the host is unknown; called on the event loop, never from within this call
     */
    void canonicalNames(String host, Consumer<List<String>> answer);

    /** Whether a channel opens only after both sides have agreed on TLS. */
    boolean isEncrypted();

    /** A connection, from the first attempt to connect until it is closed. */
    @EventLoopOnly
    interface Channel {

        /**
         * Queues one frame. The buffers are borrowed until {@code onWritten} runs, or the channel closes: their contents
         * must not change before that, and their positions and limits are left alone. Frames leave in the order of the
         * calls.
         *
         * @param frame the frame's bytes including its 4-byte size, in order
         * @param onWritten runs on the event loop after the last byte was handed to the operating system; never runs if
         *     the channel closes first
         */
        void write(List<ByteBuffer> frame, Runnable onWritten);

        /** What has to happen before the channel is open, for messages, such as {@code the TLS handshake}. */
        String waitsFor();

        /** Closes the channel; the listener hears {@link ChannelListener#onClosed} later, once. */
        void close();
    }

    /** Hears what happens to one channel, on the event loop. */
    @EventLoopOnly
    interface ChannelListener {

        /** The connection is up (TCP, and TLS where configured). */
        void onOpen();

        /**
         * A whole frame arrived.
         *
         * @param frame the frame without its size, valid only during the call
         */
        void onFrame(ByteBuffer frame);

        /**
         * The channel is closed, by either side, or could not be opened. The last event.
         *
         * @param cause why; its message can be shown to a user
         */
        void onClosed(Throwable cause);
    }
}
