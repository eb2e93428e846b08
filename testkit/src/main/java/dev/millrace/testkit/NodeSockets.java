package dev.millrace.testkit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The listener of one node and the connections it has accepted. Confined to the socket loop. */
final class NodeSockets {

    /** Not the loopback address of the system, which may be one that needs brackets. */
    static final String HOST = "127.0.0.1";

    // below Linux's range for outgoing connections (32768-60999), so that a client that dials a stopped node can
    // neither
    // be given its port nor connect to itself; and below the range of real development brokers, which begins at 20000
    private static final int LOWEST_PORT = 12_000;
    private static final int HIGHEST_PORT = 20_000;
    private static final int BIND_ATTEMPTS = 50;

    private final int node;
    private final SocketLoop loop;
    private final RequestHandler handler;
    private final Set<ClientConnection> connections = new LinkedHashSet<>();
    private @Nullable ServerSocketChannel listener;
    private boolean paused;

    NodeSockets(int node, SocketLoop loop, RequestHandler handler) {
        this.node = node;
        this.loop = loop;
        this.handler = handler;
    }

    static InetSocketAddress address(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(HOST, new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    /** Listens on a port of its choice and returns it. */
    int open() throws IOException {
        for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            if (tryOpen(port)) {
                return port;
            }
        }
        return open(0);
    }

    /** Listens on a given port, or on any for 0. */
    int open(int port) throws IOException {
        if (listener != null) {
            throw new IllegalStateException("node is running already: node=" + node);
        }
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address(port));
            loop.register(channel, SelectionKey.OP_ACCEPT, this::acceptAll);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        listener = channel;
        paused = false;
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Closes the listener and every connection. */
    void close() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        closeConnections();
    }

    void closeConnections() throws IOException {
        for (ClientConnection connection : List.copyOf(connections)) {
            connection.close();
        }
    }

    /** Those that nothing more is heard from for a while, or ever. */
    void closeHeldBack() throws IOException {
        for (ClientConnection connection : List.copyOf(connections)) {
            if (connection.isHeldBack()) {
                connection.close();
            }
        }
    }

    void setPaused(boolean paused) throws IOException {
        this.paused = paused;
        for (ClientConnection connection : new ArrayList<>(connections)) {
            connection.pausedOrResumed();
        }
    }

    boolean isPaused() {
        return paused;
    }

    int node() {
        return node;
    }

    int connectionCount() {
        return connections.size();
    }

    void closed(ClientConnection connection) {
        connections.remove(connection);
    }

    private boolean tryOpen(int port) throws IOException {
        try {
            open(port);
            return true;
        } catch (BindException taken) {
            return false;
        }
    }

    private void acceptAll() throws IOException {
        ServerSocketChannel accepting = listener;
        if (accepting == null) {
            return;
        }
        SocketChannel accepted = accepting.accept();
        while (accepted != null) {
            accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ClientConnection connection =
                    new ClientConnection(loop.nextConnectionNumber(), accepted, this, loop, handler);
            connections.add(connection);
            connection.open();
            accepted = accepting.accept();
        }
    }
}
