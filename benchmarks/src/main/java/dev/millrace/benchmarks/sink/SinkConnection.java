package dev.millrace.benchmarks.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/** One client's socket: cuts what arrives into requests and writes the answers back in order. */
final class SinkConnection {

    private static final int FIRST_BYTES = 64 * 1024;
    private static final int SPARE_BYTES = 1_024; // for what a response has beyond its request

    private final SocketChannel channel;
    private final ProduceAnswer produce;
    private final OtherAnswers others;
    private final SinkCounts counts;
    private final long delayNanos;
    private final Queue<Held> held = new ArrayDeque<>();
    private ByteBuffer in = ByteBuffer.allocateDirect(FIRST_BYTES);
    private ByteBuffer out = ByteBuffer.allocateDirect(FIRST_BYTES);

    /** An answer that is not due yet. */
    private record Held(long dueNanos, ByteBuffer answer) {}

    SinkConnection(
            SocketChannel channel, ProduceAnswer produce, OtherAnswers others, SinkCounts counts, long delayNanos) {
        this.channel = channel;
        this.produce = produce;
        this.others = others;
        this.counts = counts;
        this.delayNanos = delayNanos;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Reads and answers what is there; returns false at the end of the stream. */
    boolean serve() throws IOException {
        int read;
        do {
            read = channel.read(in);
            if (read < 0) {
                return false;
            }
            counts.bytes += read;
            in.flip();
            while (in.remaining() >= Integer.BYTES) {
                int length = in.getInt(in.position());
                if (in.remaining() < Integer.BYTES + length) {
                    break;
                }
                int end = in.position() + Integer.BYTES + length;
                int limit = in.limit();
                in.position(in.position() + Integer.BYTES).limit(end);
                answer(in);
                in.limit(limit).position(end);
            }
            keepRest();
        } while (read == in.capacity());
        write();
        return true;
    }

    private void keepRest() {
        int needed = in.remaining() >= Integer.BYTES ? Integer.BYTES + in.getInt(in.position()) : 0;
        if (needed > in.capacity()) {
            in = ByteBuffer.allocateDirect(Integer.highestOneBit(needed) * 2).put(in);
        } else {
            in.compact();
        }
    }

    private void answer(ByteBuffer request) {
        counts.requests++;
        int start = request.position();
        provideRoom(request.remaining() + SPARE_BYTES);
        int begin = out.position();
        if (request.getShort(start) == 0) {
            short version = request.getShort(start + 2);
            int correlationId = request.getInt(start + 4);
            int clientId = request.getShort(start + 8);
            request.position(start + 10 + Math.max(0, clientId) + 1); // and the empty tags of the header
            out.position(begin + Integer.BYTES);
            out.putInt(correlationId).put((byte) 0);
            if (!produce.answer(version, request, out)) {
                out.position(begin);
                return;
            }
        } else {
            ByteBuffer response = others.answer(request);
            provideRoom(response.remaining() + SPARE_BYTES);
            begin = out.position();
            out.position(begin + Integer.BYTES);
            out.put(response);
        }
        out.putInt(begin, out.position() - begin - Integer.BYTES);
        if (delayNanos > 0) {
            hold(begin);
        }
    }

    private void hold(int begin) {
        ByteBuffer copy = ByteBuffer.allocate(out.position() - begin);
        copy.put(out.duplicate().flip().position(begin)).flip();
        out.position(begin);
        held.add(new Held(System.nanoTime() + delayNanos, copy));
    }

    private void provideRoom(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Integer.highestOneBit(out.position() + bytes) * 2);
            out = larger.put(out.flip());
        }
    }

    /** Releases what is due; returns nanoseconds until the next is, or -1 if nothing is held. */
    long release() throws IOException {
        long now = System.nanoTime();
        boolean any = false;
        for (Held next = held.peek(); next != null && next.dueNanos() - now <= 0; next = held.peek()) {
            held.remove();
            provideRoom(next.answer().remaining());
            out.put(next.answer());
            any = true;
        }
        if (any) {
            write();
        }
        Held next = held.peek();
        return next == null ? -1 : Math.max(1, next.dueNanos() - now);
    }

    /** Writes what the socket takes; returns whether all is out. */
    boolean write() throws IOException {
        if (out.position() > 0) {
            out.flip();
            channel.write(out);
            out.compact();
        }
        return out.position() == 0;
    }

    boolean hasOutput() {
        return out.position() > 0;
    }
}
