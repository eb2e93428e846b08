package dev.millrace.producer.internal.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A server that speaks TLS and sends back what it gets. */
final class TlsPeer implements AutoCloseable {

    private final SSLServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Of the handshakes that came to an end. */
    final List<SSLSession> sessions = new CopyOnWriteArrayList<>();

    final AtomicInteger accepted = new AtomicInteger();

    /** Handshakes that came to an end, those on a connection that had one included. */
    final AtomicInteger handshakes = new AtomicInteger();

    /** Begins a handshake whenever it has read something: in TLS 1.3 a change of keys, before that a renegotiation. */
    volatile boolean beginsHandshakes;

    /** Says goodbye after the first thing it has read, and keeps the socket open. */
    volatile boolean closesOutput;

    TlsPeer(SSLContext context, String... protocols) throws IOException {
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        if (protocols.length > 0) {
            server.setEnabledProtocols(protocols);
        }
    }

    /** Demands a certificate of each client. */
    TlsPeer needsClientCertificate() {
        server.setNeedClientAuth(true);
        return this;
    }

    TlsPeer start() {
        threads.execute(this::acceptAll);
        return this;
    }

    int port() {
        return server.getLocalPort();
    }

    private void acceptAll() {
        try {
            while (!server.isClosed()) {
                SSLSocket socket = (SSLSocket) server.accept();
                accepted.incrementAndGet();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new AssertionError(e);
            }
        }
    }

    private void serve(SSLSocket socket) {
        try (socket) {
            socket.addHandshakeCompletedListener(event -> handshakes.incrementAndGet());
            socket.startHandshake();
            sessions.add(socket.getSession());
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                out.flush();
                if (beginsHandshakes) {
                    socket.startHandshake();
                }
                if (closesOutput) {
                    socket.shutdownOutput();
                }
            }
        } catch (IOException e) {
            // the client refused, or is gone; it is the one that is looked at
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
