package dev.millrace.producer;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers ApiVersions as a broker of release 0.10.0 would, byte by byte: newer requests with version 0 and error 35, then
 * with the versions it has, all of which are too old. Each connection is served to its end.
 */
final class AncientBroker implements AutoCloseable {

    private static final int UNSUPPORTED_VERSION = 35;

    /** API key, lowest and highest version: Produce, Metadata, ApiVersions. */
    private static final short[][] OFFERED = {{0, 0, 2}, {3, 0, 1}, {18, 0, 0}};

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger ended = new AtomicInteger(); // connections, by the client or by the end of the test
    private final CountDownLatch asked = new CountDownLatch(1);

    private AncientBroker() throws IOException {}

    static AncientBroker start() throws IOException {
        AncientBroker broker = new AncientBroker();
        Thread thread = new Thread(broker::acceptAll, "ancient-broker");
        thread.setDaemon(true);
        thread.start();
        return broker;
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Whether somebody asked for its versions. */
    boolean wasAsked() throws InterruptedException {
        return asked.await(10, SECONDS);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                serve(new DataInputStream(socket.getInputStream()), new DataOutputStream(socket.getOutputStream()));
            } catch (EOFException | SocketException hungUp) {
                ended.incrementAndGet();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        while (true) {
            byte[] rest = new byte[in.readInt() - 8];
            short apiKey = in.readShort();
            short version = in.readShort();
            int correlationId = in.readInt();
            in.readFully(rest);
            if (apiKey != 18) {
                throw new IOException("a request of an API this broker does not have: " + apiKey);
            }
            asked.countDown();
            out.writeInt(4 + 2 + 4 + OFFERED.length * 6);
            out.writeInt(correlationId);
            out.writeShort(version > 0 ? UNSUPPORTED_VERSION : 0);
            out.writeInt(OFFERED.length);
            for (short[] api : OFFERED) {
                for (short field : api) {
                    out.writeShort(field);
                }
            }
            out.flush();
        }
    }
}
