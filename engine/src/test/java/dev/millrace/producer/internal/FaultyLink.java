package dev.millrace.producer.internal;

import dev.millrace.producer.internal.network.BrokerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy in front of one broker whose connections can be hurt: cut, held up in one or both directions, slowed down.
 * Any thread.
 */
public final class FaultyLink implements AutoCloseable {

    private static final int PIECE_BYTES = 8 << 10;

    private final ServerSocket listener;
    private final InetSocketAddress broker;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private final AtomicInteger taken = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean requestsHeld; // guarded by lock
    private boolean answersHeld; // guarded by lock
    private long delayNanos; // guarded by lock
    private long bytesUntilCut = Long.MAX_VALUE; // guarded by lock
    private boolean closed; // guarded by lock
    private int cuts; // guarded by lock

    /** Listens on this machine; port 0 is any free one. */
    FaultyLink(InetSocketAddress here, BrokerAddress there) throws IOException {
        broker = new InetSocketAddress(there.host(), there.port());
        listener = new ServerSocket(here.getPort(), 50, here.getAddress());
        start("accept", this::accept);
    }

    /** The port to connect to instead of the broker's. */
    int port() {
        return listener.getLocalPort();
    }

    /** What the broker has said does not arrive until {@link #heal}; the connection looks alive. */
    public void holdAnswers() {
        change(() -> answersHeld = true);
    }

    /** What is sent to the broker does not arrive until {@link #heal}. */
    public void holdRequests() {
        change(() -> requestsHeld = true);
    }

    /** Nothing arrives anywhere, and new connections are taken but lead nowhere, until {@link #heal}. */
    public void holdAll() {
        change(() -> {
            requestsHeld = true;
            answersHeld = true;
        });
    }

    /** Each piece of up to 8 KiB takes this much longer until {@link #heal}. */
    public void delay(Duration each) {
        change(() -> delayNanos = each.toNanos());
    }

    /** All connections are cut now. */
    public void cut() {
        change(() -> cuts++);
        sockets.forEach(FaultyLink::close);
    }

    /** All connections are cut once this many more bytes have gone to the broker, wherever that is in a request. */
    public void cutAfter(long bytes) {
        change(() -> bytesUntilCut = bytes);
    }

    /** Everything flows again, beginning with what was held. */
    public void heal() {
        change(() -> {
            requestsHeld = false;
            answersHeld = false;
            delayNanos = 0;
            bytesUntilCut = Long.MAX_VALUE;
        });
    }

    /** How often somebody connected. */
    public int taken() {
        return taken.get();
    }

    /** How often connections were cut. */
    public int cuts() {
        lock.lock();
        try {
            return cuts;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        change(() -> closed = true);
        listener.close();
        sockets.forEach(FaultyLink::close);
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            taken.incrementAndGet();
            Socket server = new Socket();
            sockets.add(client);
            sockets.add(server);
            start("open", () -> {
                server.connect(broker);
                start("answers", () -> pump(server, client, false));
                pump(client, server, true);
            });
        }
    }

    /** Ends when either side does, and takes the other along. */
    private void pump(Socket from, Socket to, boolean requests) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            while ((read = in.read(piece)) > 0 && mayPass(requests)) {
                int passing = requests ? untilCut(read) : read;
                out.write(piece, 0, passing);
                if (passing < read) {
                    out.flush();
                    cut();
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Waits as long as the fault says. */
    private boolean mayPass(boolean requests) {
        lock.lock();
        try {
            long leftNanos = delayNanos;
            while (!closed && leftNanos > 0) {
                leftNanos = Math.min(changed.awaitNanos(leftNanos), delayNanos);
            }
            while (!closed && (requests ? requestsHeld : answersHeld)) {
                changed.await();
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private int untilCut(int bytes) {
        lock.lock();
        try {
            if (bytesUntilCut > bytes) {
                bytesUntilCut -= bytesUntilCut == Long.MAX_VALUE ? 0 : bytes;
                return bytes;
            }
            int passing = (int) bytesUntilCut;
            bytesUntilCut = Long.MAX_VALUE;
            return Math.min(passing, bytes - 1);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        return; // the connection or the link was closed, which is what this class is for
                    }
                },
                "faulty-link-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.setSoLinger(true, 0); // a reset, as when a machine goes
            socket.close();
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
