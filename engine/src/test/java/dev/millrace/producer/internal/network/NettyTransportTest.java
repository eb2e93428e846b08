package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On real sockets: what the simulation cannot prove. */
@Timeout(20)
class NettyTransportTest {

    private final NettyEventLoop loop = new NettyEventLoop("test-io");
    private final Events events = new Events();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, loopback(1));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        loop.close();
    }

    /** What the listener heard, in order; checks that it hears it on the loop and nothing after the end. */
    private final class Events implements Transport.ChannelListener {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> closed = new CompletableFuture<>();

        @Override
        public void onOpen() {
            add("open");
        }

        @Override
        public void onFrame(ByteBuffer frame) {
            byte[] bytes = new byte[frame.remaining()];
            frame.get(bytes);
            add(bytes.length > 100 ? bytes.length + " bytes" : new String(bytes, US_ASCII));
        }

        @Override
        public void onClosed(Throwable cause) {
            add("closed");
            assertThat(closed.complete(cause)).isTrue();
        }

        private void add(String event) {
            assertThat(loop.inEventLoop()).isTrue();
            assertThat(closed).isNotDone();
            heard.add(event);
        }

        String next() throws InterruptedException {
            String event = heard.poll(10, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        String closeMessage() {
            return String.valueOf(closed.orTimeout(10, TimeUnit.SECONDS).join().getMessage());
        }
    }

    private Transport.Channel connect(String host, int port) {
        return connect(host, port, HostResolver.SYSTEM);
    }

    private Transport.Channel connect(String host, int port, HostResolver resolver) {
        NettyTransport transport = new NettyTransport(loop, resolver, connectionSettings());
        return onLoop(() -> transport.connect(new BrokerAddress(host, port), events));
    }

    private void runOnLoop(Runnable task) {
        CompletableFuture.runAsync(task, loop).orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static InetAddress loopback(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private <T> T onLoop(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private Socket accept() throws IOException, InterruptedException {
        connect("127.0.0.1", server.getLocalPort());
        Socket peer = server.accept();
        assertThat(events.next()).isEqualTo("open");
        return peer;
    }

    private static byte[] frame(String content) {
        return ByteBuffer.allocate(4 + content.length())
                .putInt(content.length())
                .put(content.getBytes(US_ASCII))
                .array();
    }

    // what arrives

    @Test
    void deliversWholeFramesHoweverTheyArrive() throws Exception {
        try (Socket peer = accept()) {
            peer.setTcpNoDelay(true);
            byte[] first = frame("first");
            for (byte each : first) {
                peer.getOutputStream().write(each);
                peer.getOutputStream().flush();
            }
            assertThat(events.next()).isEqualTo("first");
            DataOutputStream out = new DataOutputStream(peer.getOutputStream());
            out.write(ByteBuffer.allocate(100)
                    .put(frame("second"))
                    .put(frame(""))
                    .put(frame("third"))
                    .array());
            assertThat(events.next()).isEqualTo("second");
            assertThat(events.next()).isEmpty();
            assertThat(events.next()).isEqualTo("third");
        }
    }

    @Test
    void deliversLargeFrames() throws Exception {
        try (Socket peer = accept()) {
            DataOutputStream out = new DataOutputStream(peer.getOutputStream());
            out.writeInt(5_000_000);
            out.write(new byte[5_000_000]);
            out.flush();
            assertThat(events.next()).isEqualTo("5000000 bytes");
        }
    }

    @Test
    void deliversWhatArrivedBeforeTheOtherSideClosed() throws Exception {
        try (Socket peer = accept()) {
            peer.getOutputStream().write(frame("last words"));
        }
        assertThat(events.next()).isEqualTo("last words");
        assertThat(events.closeMessage()).endsWith("closed by the other side");
    }

    @Test
    void dropsAHalfFrame() throws Exception {
        try (Socket peer = accept()) {
            peer.getOutputStream().write(new byte[] {0, 0, 1, 0, 'h', 'a', 'l', 'f'});
        }
        assertThat(events.next()).isEqualTo("closed");
        assertThat(events.closeMessage())
                .endsWith("closed by the other side before it answered; a firewall, or a listener with another security"
                        + " protocol: check its port and app.producer.security.protocol (security.protocol)");
    }

    /** 13 (KAFKA-4090, KAFKA-4493). */
    @Test
    @Tag("row-13")
    void explainsATlsAlert() throws Exception {
        assertThat(closeMessageAfter(new byte[] {0x15, 3, 3, 0, 2, 2, 80}))
                .endsWith("the broker speaks TLS here: wrong port or security protocol");
    }

    /** 13. */
    @Test
    @Tag("row-13")
    void explainsAnHttpServer() throws Exception {
        assertThat(closeMessageAfter("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)))
                .endsWith("an HTTP server answers here, not a Kafka broker");
    }

    /** 13. */
    @Test
    @Tag("row-13")
    void explainsSizesNobodySends() throws Exception {
        assertThat(closeMessageAfter(new byte[] {(byte) 0xff, 0, 0, 0})).contains("frame size=-16777216 B");
    }

    private String closeMessageAfter(byte[] garbage) throws Exception {
        try (Socket peer = accept()) {
            peer.getOutputStream().write(garbage);
            String message = events.closeMessage();
            assertThat(peer.getInputStream().read()).as("closed on our side").isEqualTo(-1);
            return message;
        }
    }

    /** Brokers tell where other brokers are, and may say anything. */
    @Test
    void refusesWhatIsNoPort() {
        connect("127.0.0.1", 70_000);

        assertThat(events.closeMessage()).isEqualTo("cannot connect to 127.0.0.1:70000: not a port");
    }

    @Test
    void closesWhenAListenerThrows() throws Exception {
        NettyTransport transport = new NettyTransport(loop, HostResolver.SYSTEM, connectionSettings());
        CompletableFuture<Throwable> closed = new CompletableFuture<>();
        Transport.ChannelListener clumsy = new Transport.ChannelListener() {
            @Override
            public void onOpen() {}

            @Override
            public void onFrame(ByteBuffer frame) {
                throw new IllegalStateException("clumsy");
            }

            @Override
            public void onClosed(Throwable cause) {
                closed.complete(cause);
            }
        };
        onLoop(() -> transport.connect(new BrokerAddress("127.0.0.1", server.getLocalPort()), clumsy));
        try (Socket peer = server.accept()) {
            peer.getOutputStream().write(frame("x"));
            assertThat(closed.orTimeout(10, TimeUnit.SECONDS).join()).hasMessageContaining("clumsy");
        }
    }

    // what leaves

    @Test
    void writesFramesInOrderAndLeavesTheirBuffersAlone() throws Exception {
        Transport.Channel channel = connect("127.0.0.1", server.getLocalPort());
        try (Socket peer = server.accept()) {
            assertThat(events.next()).isEqualTo("open");
            ByteBuffer heap = ByteBuffer.wrap("..heap..".getBytes(US_ASCII), 2, 4);
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(100_000).put(0, new byte[] {'d'}).position(0);
            ByteBuffer small = ByteBuffer.allocateDirect(8)
                    .put(0, "..small.".getBytes(US_ASCII))
                    .position(2)
                    .limit(7);
            BlockingQueue<Integer> written = new LinkedBlockingQueue<>();
            runOnLoop(() -> {
                for (int i = 0; i < 20; i++) {
                    int number = i;
                    List<ByteBuffer> frame = List.of(heap, small, direct, ByteBuffer.allocate(0), small, heap);
                    channel.write(frame, () -> written.add(number));
                }
                assertThat(written).as("never from within write").isEmpty();
            });
            DataInputStream in = new DataInputStream(peer.getInputStream());
            for (int i = 0; i < 20; i++) {
                byte[] got = in.readNBytes(9 + 100_000 + 9);
                assertThat(new String(got, 0, 10, US_ASCII)).isEqualTo("heapsmalld");
                assertThat(new String(got, 100_009, 9, US_ASCII)).isEqualTo("smallheap");
                assertThat(written.poll(10, TimeUnit.SECONDS)).isEqualTo(i);
            }
            assertThat(heap.position()).isEqualTo(2);
            assertThat(small.remaining()).isEqualTo(5);
            assertThat(direct.remaining()).isEqualTo(100_000);
        }
    }

    @Test
    void neverReportsAFrameThatWasNotWritten() throws Exception {
        Transport.Channel channel = connect("127.0.0.1", server.getLocalPort());
        AtomicInteger written = new AtomicInteger();
        try (Socket peer = server.accept()) {
            assertThat(events.next()).isEqualTo("open");
            ByteBuffer large = ByteBuffer.allocateDirect(50_000_000);
            loop.execute(() -> channel.write(List.of(large), written::incrementAndGet));
            assertThat(peer.getInputStream().readNBytes(1000)).hasSize(1000);
            loop.execute(channel::close);
            assertThat(events.next()).isEqualTo("closed");
        }
        assertThat(events.closeMessage()).endsWith("closed by this side");
        assertThat(onLoop(written::get)).isZero();
    }

    // connecting

    @Test
    void saysThatNothingListens() throws Exception {
        int port = server.getLocalPort();
        server.close();
        connect("127.0.0.1", port);
        assertThat(events.closeMessage()).isEqualTo("nothing listens at 127.0.0.1:" + port + " (connection refused)");
        assertThat(events.next()).isEqualTo("closed");
    }

    @Test
    void saysThatAHostIsUnknown() {
        connect("kafka.example", 9092, host -> {
            throw new UnknownHostException(host);
        });
        assertThat(events.closeMessage()).isEqualTo("unknown host: kafka.example:9092");
    }

    @Test
    void resolvesNamesAwayFromTheLoop() throws Exception {
        List<Boolean> onLoop = new ArrayList<>();
        connect("kafka.example", server.getLocalPort(), host -> {
            onLoop.add(loop.inEventLoop());
            return List.of(loopback(1));
        });
        assertThat(events.next()).isEqualTo("open");
        assertThat(onLoop).containsExactly(false);
    }

    /** 67. */
    @Test
    @Tag("row-67")
    void triesAllAddressesOfAName() throws Exception {
        connect("kafka.example", server.getLocalPort(), host -> List.of(loopback(2), loopback(3), loopback(1)));
        assertThat(events.next()).isEqualTo("open");
    }

    /** 68 (KAFKA-12193, KAFKA-15817): the name leads elsewhere meanwhile, and to the address just lost. */
    @Test
    @Tag("row-68")
    void comesBackElsewhereAfterALossAsTheNameSaysThen() throws Exception {
        List<InetAddress> known = new CopyOnWriteArrayList<>(List.of(loopback(1)));
        NettyTransport transport = new NettyTransport(loop, host -> List.copyOf(known), connectionSettings());
        BrokerAddress address = new BrokerAddress("kafka.example", server.getLocalPort());
        try (ServerSocket other = new ServerSocket(server.getLocalPort(), 10, loopback(2))) {
            Transport.Channel unused = onLoop(() -> transport.connect(address, events));
            Socket first = server.accept();
            assertThat(events.next()).isEqualTo("open");
            known.add(loopback(2));
            first.close();
            assertThat(events.next()).isEqualTo("closed");

            Events again = new Events();
            Transport.Channel unusedToo = onLoop(() -> transport.connect(address, again));
            assertThat(again.next()).isEqualTo("open");
            other.setSoTimeout(10_000);
            other.accept().close();
        }
    }

    /** Another connection over another address does not count as the one that was lost. */
    @Test
    @Tag("row-68")
    void comesBackElsewhereAlsoIfOthersConnectedMeanwhile() throws Exception {
        NettyTransport transport =
                new NettyTransport(loop, host -> List.of(loopback(1), loopback(2)), connectionSettings());
        BrokerAddress address = new BrokerAddress("kafka.example", server.getLocalPort());
        try (ServerSocket other = new ServerSocket(server.getLocalPort(), 10, loopback(2))) {
            other.setSoTimeout(10_000);
            Transport.Channel unused = onLoop(() -> transport.connect(address, events));
            Socket lost = server.accept();
            assertThat(events.next()).isEqualTo("open");
            Events neighbour = new Events();
            Transport.Channel unusedToo = onLoop(() -> transport.connect(address, neighbour));
            assertThat(neighbour.next()).isEqualTo("open");
            lost.close();
            assertThat(events.next()).isEqualTo("closed");

            Events again = new Events();
            Transport.Channel unusedThird = onLoop(() -> transport.connect(address, again));
            assertThat(again.next()).isEqualTo("open");
            other.accept().close();
        }
    }

    /** A resolver that hangs must not cost a thread for each attempt. */
    @Test
    void asksForANameOnceAtATime() {
        AtomicInteger questions = new AtomicInteger();
        CompletableFuture<Void> mayResolve = new CompletableFuture<>();
        HostResolver slow = host -> {
            questions.incrementAndGet();
            mayResolve.orTimeout(10, TimeUnit.SECONDS).join();
            throw new UnknownHostException(host);
        };
        NettyTransport transport = new NettyTransport(loop, slow, connectionSettings());
        List<Events> attempts = List.of(new Events(), new Events(), new Events());
        runOnLoop(() -> attempts.forEach(each -> {
            Transport.Channel unused = transport.connect(new BrokerAddress("kafka.example", 9092), each);
        }));
        mayResolve.complete(null);
        assertThat(attempts).allMatch(each -> each.closeMessage().equals("unknown host: kafka.example:9092"));
        assertThat(questions).hasValue(1);
    }

    @Test
    void asksForCanonicalNamesAwayFromTheLoop() {
        HostResolver resolver = new HostResolver() {
            @Override
            public List<InetAddress> resolve(String host) throws UnknownHostException {
                throw new UnknownHostException(host);
            }

            @Override
            public List<String> canonicalNames(String host) throws UnknownHostException {
                if (!host.equals("alias") || loop.inEventLoop()) {
                    throw new UnknownHostException(host);
                }
                return List.of("b1.example", "b2.example");
            }
        };
        NettyTransport transport = new NettyTransport(loop, resolver, connectionSettings());
        CompletableFuture<List<String>> known = new CompletableFuture<>();
        CompletableFuture<List<String>> unknown = new CompletableFuture<>();
        runOnLoop(() -> {
            transport.canonicalNames("alias", known::complete);
            transport.canonicalNames("nobody", unknown::complete);
        });
        assertThat(known.orTimeout(10, TimeUnit.SECONDS).join()).containsExactly("b1.example", "b2.example");
        assertThat(unknown.orTimeout(10, TimeUnit.SECONDS).join()).isEmpty();
    }

    @Test
    void canBeClosedBeforeItIsOpen() throws Exception {
        CompletableFuture<Void> mayResolve = new CompletableFuture<>();
        Transport.Channel channel = connect("kafka.example", server.getLocalPort(), host -> {
            mayResolve.orTimeout(10, TimeUnit.SECONDS).join();
            return List.of(loopback(1));
        });
        runOnLoop(() -> {
            channel.close();
            channel.close();
            assertThat(events.closed).as("never from within close").isNotDone();
        });
        assertThat(events.closeMessage()).endsWith("closed by this side");
        mayResolve.complete(null);
        assertThat(onLoop(() -> events.heard.size())).isEqualTo(1);
    }

    @Test
    void canBeClosedWhileItConnects() {
        NettyTransport transport = new NettyTransport(loop, HostResolver.SYSTEM, connectionSettings());
        CompletableFuture<Boolean> toldWithinClose = new CompletableFuture<>();
        runOnLoop(() -> {
            Transport.Channel channel =
                    transport.connect(new BrokerAddress("127.0.0.1", server.getLocalPort()), events);
            loop.execute(
                    () -> { // by now the socket connects
                        channel.close();
                        toldWithinClose.complete(events.closed.isDone());
                    });
        });
        assertThat(events.closeMessage()).endsWith("closed by this side");
        assertThat(toldWithinClose.join()).isFalse();
    }
}
