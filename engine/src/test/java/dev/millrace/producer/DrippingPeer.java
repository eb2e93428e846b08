package dev.millrace.producer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Says what a broker might say, one byte at a time with a pause behind each, so that it is never silent for long. */
final class DrippingPeer implements AutoCloseable {

    private static final int PAUSE_MILLIS = 20;
    private static final int API_VERSIONS = 18;
    private static final int SASL_HANDSHAKE = 17;
    private static final int SASL_AUTHENTICATE = 36;

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Bytes of what never ends. */
    final AtomicInteger drops = new AtomicInteger();

    /** Connections that the client closed in the middle of that. */
    final AtomicInteger closedByClient = new AtomicInteger();

    private final Script script;

    private DrippingPeer(Script script) throws IOException {
        this.script = script;
        threads.execute(this::acceptAll);
    }

    private interface Script {
        void play(DrippingPeer peer, DataInputStream in, DataOutputStream out) throws IOException, InterruptedException;
    }

    /** Begins to answer a client's hello, with a record of the largest size. */
    static DrippingPeer ofTls() throws IOException {
        return new DrippingPeer((peer, in, out) -> {
            in.readByte();
            peer.drip(out, new byte[] {22, 3, 3, 0x40, 0, 2, 0, 0x3f, (byte) 0xfc, 3, 3});
            peer.dripForEver(out);
        });
    }

    /** Tells its versions at once, and then begins to answer which mechanisms it has. */
    static DrippingPeer ofSasl() throws IOException {
        return new DrippingPeer((peer, in, out) -> {
            int correlationId = peer.readRequest(in, API_VERSIONS);
            out.write(frame(versions(correlationId)));
            correlationId = peer.readRequest(in, SASL_HANDSHAKE);
            peer.drip(out, new byte[] {0, 1, 0, 0});
            ByteArrayOutputStream begin = new ByteArrayOutputStream();
            new DataOutputStream(begin).writeInt(correlationId);
            peer.drip(out, begin.toByteArray());
            peer.dripForEver(out);
        });
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            script.play(
                    this, new DataInputStream(socket.getInputStream()), new DataOutputStream(socket.getOutputStream()));
        } catch (IOException e) {
            closedByClient.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }

    private int readRequest(DataInputStream in, int api) throws IOException {
        byte[] rest = new byte[in.readInt() - 8];
        short asked = in.readShort();
        in.readShort();
        int correlationId = in.readInt();
        in.readFully(rest);
        if (asked != api) {
            throw new AssertionError("asked for " + asked + " instead of " + api);
        }
        return correlationId;
    }

    /** Of ApiVersions v0. */
    private static byte[] versions(int correlationId) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        body.writeInt(correlationId);
        body.writeShort(0);
        int[][] offered = {{SASL_HANDSHAKE, 0, 1}, {API_VERSIONS, 0, 3}, {SASL_AUTHENTICATE, 0, 2}};
        body.writeInt(offered.length);
        for (int[] api : offered) {
            for (int field : api) {
                body.writeShort(field);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] frame(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeInt(body.length);
        frame.write(body);
        return bytes.toByteArray();
    }

    private void drip(DataOutputStream out, byte[] bytes) throws IOException, InterruptedException {
        for (byte each : bytes) {
            out.write(each);
            out.flush();
            drops.incrementAndGet();
            if (ended.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("over");
            }
        }
    }

    private void dripForEver(DataOutputStream out) throws IOException, InterruptedException {
        while (true) {
            drip(out, new byte[] {0});
        }
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        listener.close();
        threads.shutdownNow();
    }
}
