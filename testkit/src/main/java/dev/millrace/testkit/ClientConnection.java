package dev.millrace.testkit;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A connection a node has accepted. Requests are read and noted as they come, but served one after the other: while an
 * answer is held back, nothing behind it has been served, as on a broker. Confined to the socket loop.
 */
final class ClientConnection {

    private static final int MAX_REQUEST_BYTES = 100 * 1024 * 1024;

    private final int number;
    private final SocketChannel channel;
    private final NodeSockets owner;
    private final SocketLoop loop;
    private final RequestHandler handler;
    private final Queue<ReceivedRequest> waiting = new ArrayDeque<>();
    private final Deque<ByteBuffer> output = new ArrayDeque<>();
    private final ByteBuffer size = ByteBuffer.allocate(Integer.BYTES);

    /** The frame being read, null between frames. */
    private @Nullable ByteBuffer frame;

    private @Nullable SelectionKey key;
    private boolean heldBack;

    ClientConnection(int number, SocketChannel channel, NodeSockets owner, SocketLoop loop, RequestHandler handler) {
        this.number = number;
        this.channel = channel;
        this.owner = owner;
        this.loop = loop;
        this.handler = handler;
    }

    void open() throws IOException {
        key = loop.register(channel, 0, this::onReady);
        updateInterest();
    }

    void close() throws IOException {
        owner.closed(this);
        channel.close();
    }

    /** Whether an answer is not given yet, so that what is behind it is not served. */
    boolean isHeldBack() {
        return heldBack;
    }

    void pausedOrResumed() {
        updateInterest();
        serveWaiting();
    }

    private void onReady() {
        try {
            flush();
            if (!owner.isPaused()) {
                readAvailable();
            }
        } catch (IOException peerGone) {
            drop();
        }
    }

    private void readAvailable() throws IOException {
        while (channel.isOpen()) {
            ByteBuffer target = frame == null ? size : frame;
            int read = channel.read(target);
            if (read < 0) {
                close();
                return;
            }
            if (target.hasRemaining()) {
                return;
            }
            if (frame == null) {
                frame = allocateFrame();
            } else {
                ByteBuffer complete = frame.flip();
                frame = null;
                receive(complete);
            }
        }
    }

    private @Nullable ByteBuffer allocateFrame() throws IOException {
        int frameBytes = size.flip().getInt();
        size.clear();
        if (frameBytes <= 0 || frameBytes > MAX_REQUEST_BYTES) {
            refuse("request of " + frameBytes + " B");
            return null;
        }
        return ByteBuffer.allocate(frameBytes);
    }

    private void receive(ByteBuffer complete) throws IOException {
        try {
            waiting.add(handler.receive(owner.node(), number, complete));
        } catch (MalformedResponseException e) {
            refuse(e.getMessage());
            return;
        }
        serveWaiting();
    }

    private void refuse(@Nullable String reason) throws IOException {
        handler.refused(owner.node(), number, reason);
        close();
    }

    private void serveWaiting() {
        while (channel.isOpen() && !heldBack && !owner.isPaused() && !waiting.isEmpty()) {
            Answer answer = handler.answer(waiting.remove());
            if (answer.kind() == Answer.Kind.SILENCE) {
                heldBack = true;
            } else if (answer.delay().isZero()) {
                give(answer);
            } else {
                holdBackFor(answer.delay(), () -> give(answer));
            }
        }
        try {
            flush();
        } catch (IOException peerGone) {
            drop();
        }
    }

    private void give(Answer answer) {
        if (answer.kind() == Answer.Kind.CUT) {
            drop();
            return;
        }
        output.addAll(answer.frame());
        if (!answer.mute().isZero()) {
            holdBackFor(answer.mute(), () -> {});
        }
    }

    private void holdBackFor(Duration time, Runnable then) {
        heldBack = true;
        loop.schedule(time, () -> {
            heldBack = false;
            then.run();
            serveWaiting();
        });
    }

    private void flush() throws IOException {
        if (!channel.isOpen() || owner.isPaused()) {
            return;
        }
        Iterator<ByteBuffer> pieces = output.iterator();
        while (pieces.hasNext()) {
            ByteBuffer piece = pieces.next();
            channel.write(piece);
            if (piece.hasRemaining()) {
                break;
            }
            pieces.remove();
        }
        updateInterest();
    }

    private void updateInterest() {
        if (key != null && key.isValid()) {
            int awaited = output.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
            key.interestOps(owner.isPaused() ? 0 : awaited);
        }
    }

    /** For a peer that went away in the middle of something, which is its right, or that is to be shown the door. */
    private void drop() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException("connection cannot be closed: connection=" + number, e);
        }
    }
}
