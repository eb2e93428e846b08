package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link SimulatedTransport}. The buffers of a frame are read when it is written, not when it is
 * queued: whoever changes them in between is found out.
 */
final class SimulatedChannel implements Transport.Channel {

    private final SimulatedEventLoop loop;
    private final @Nullable SimulatedBroker broker; // null where there is none
    private final BrokerAddress address;
    private final Transport.ChannelListener listener;
    private final ArrayDeque<Outgoing> unwritten = new ArrayDeque<>();
    private byte[] begun = {}; // what has left of the first of the unwritten
    private boolean open;
    private boolean ended;

    SimulatedChannel(
            SimulatedEventLoop loop,
            @Nullable SimulatedBroker broker,
            BrokerAddress address,
            Transport.ChannelListener listener) {
        this.loop = loop;
        this.broker = broker;
        this.address = address;
        this.listener = listener;
    }

    private record Outgoing(List<ByteBuffer> frame, Runnable onWritten) {}

    void open() {
        SimulatedBroker there = broker;
        if (ended || there == null) {
            return;
        }
        open = true;
        there.connected(this);
        listener.onOpen();
    }

    boolean isOpen() {
        return open && !ended;
    }

    @Override
    public String waitsFor() {
        return "the TCP connection";
    }

    @Override
    public void write(List<ByteBuffer> frame, Runnable onWritten) {
        if (!isOpen()) {
            return;
        }
        unwritten.add(new Outgoing(frame, onWritten));
        loop.execute(this::writeQueued);
    }

    /** The frames that wait, as they would be written now. */
    List<ByteBuffer> unwritten() {
        return unwritten.stream()
                .map(each -> ByteBuffer.wrap(bytesOf(each.frame())))
                .toList();
    }

    /** Writes what is queued, unless the broker does not read. */
    void writeQueued() {
        SimulatedBroker there = broker;
        while (isOpen() && there != null && there.reads()) {
            Outgoing next = unwritten.poll();
            if (next == null) {
                return;
            }
            byte[] bytes = bytesOf(next.frame());
            System.arraycopy(begun, 0, bytes, 0, begun.length); // has left before, however it looks now
            begun = new byte[0];
            next.onWritten().run();
            there.receive(this, ByteBuffer.wrap(bytes, Integer.BYTES, bytes.length - Integer.BYTES));
        }
        Outgoing stuck = unwritten.peek();
        if (stuck != null && begun.length == 0 && there != null && there.readsHalfAFrame()) {
            byte[] bytes = bytesOf(stuck.frame());
            begun = Arrays.copyOf(bytes, bytes.length / 2);
        }
    }

    private static byte[] bytesOf(List<ByteBuffer> frame) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ByteBuffer piece : frame) {
            byte[] copy = new byte[piece.remaining()];
            piece.duplicate().get(copy);
            bytes.writeBytes(copy);
        }
        return bytes.toByteArray();
    }

    /** Delivers a frame, without its size, to the client. */
    void deliver(ByteBuffer frame) {
        if (isOpen()) {
            listener.onFrame(frame);
        }
    }

    @Override
    public void close() {
        loop.execute(() -> end(new IOException("connection to " + address + " closed by this side")));
    }

    /** The last event. */
    void end(Throwable cause) {
        if (ended) {
            return;
        }
        ended = true;
        unwritten.clear();
        if (broker != null) {
            broker.disconnected(this);
        }
        listener.onClosed(cause);
    }
}
