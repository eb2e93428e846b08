package dev.millrace.producer.internal.network;

import static dev.millrace.producer.internal.simulation.SimulationDefaults.connectionSettings;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.concurrent.OnDemandExecutor;
import dev.millrace.producer.internal.network.security.TlsEngines;
import dev.millrace.producer.security.TestPki;
import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSources;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on real sockets, with certificates made for the test. */
@Timeout(30)
class NettyTlsTest {

    private static X509Bundle authority;
    private static X509Bundle otherAuthority;
    private static X509Bundle server;
    private static X509Bundle client;

    private final NettyEventLoop loop = new NettyEventLoop("test-io");
    private final OnDemandExecutor work = OnDemandExecutor.forLogins("test-tls");
    private final Events events = new Events();

    @BeforeAll
    static void issue() throws Exception {
        authority = TestPki.authority("ca");
        otherAuthority = TestPki.authority("other");
        server = TestPki.server(authority);
        client = TestPki.client(authority);
    }

    @AfterEach
    void close() {
        loop.close();
        work.close();
    }

    /** What the listener heard. */
    private static final class Events implements Transport.ChannelListener {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> closed = new CompletableFuture<>();

        @Override
        public void onOpen() {
            heard.add("open");
        }

        @Override
        public void onFrame(ByteBuffer frame) {
            byte[] bytes = new byte[frame.remaining()];
            frame.get(bytes);
            heard.add(bytes.length > 100 ? bytes.length + " bytes" : new String(bytes, US_ASCII));
        }

        @Override
        public void onClosed(Throwable cause) {
            assertThat(closed.complete(cause)).isTrue();
        }

        String next() throws InterruptedException {
            String event = heard.poll(10, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }

        Throwable end() {
            return closed.orTimeout(15, TimeUnit.SECONDS).join();
        }
    }

    private static TlsPeer peer(X509Bundle with, String... protocols) throws Exception {
        return new TlsPeer(TestPki.serverContext(with, authority), protocols);
    }

    private static TlsMaterial trusting(X509Bundle trusted) throws Exception {
        return TlsSources.builder()
                .trustPem(trusted.getCertificatePEM())
                .build()
                .load();
    }

    private static TlsMaterial withKey(X509Bundle key) throws Exception {
        return TlsSources.builder()
                .trustPem(authority.getCertificatePEM())
                .keyPem(key.getPrivateKeyPEM(), key.getCertificatePathPEM())
                .build()
                .load();
    }

    private static TlsEngines engines(TlsMaterial material, EndpointIdentification identification) {
        return new TlsEngines(new TlsConfig(TlsSources.jvmDefault(), identification, List.of(), List.of()), material);
    }

    private Transport.Channel connect(int port, TlsMaterial material) {
        return connect("localhost", port, engines(material, EndpointIdentification.HTTPS), events);
    }

    private Transport.Channel connect(String host, int port, TlsEngines engines, Events to) {
        NettyTransport transport = new NettyTransport(
                loop,
                name -> List.of(InetAddress.getLoopbackAddress()),
                connectionSettings(),
                new NettyTransport.Tls(engines, work));
        return onLoop(() -> transport.connect(new BrokerAddress(host, port), to));
    }

    private <T> T onLoop(java.util.function.Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, loop)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private void write(Transport.Channel channel, int bytes) {
        ByteBuffer frame = ByteBuffer.allocateDirect(4 + bytes).putInt(0, bytes);
        CompletableFuture.runAsync(() -> channel.write(List.of(frame), () -> {}), loop)
                .join();
    }

    private void expectEcho(Transport.Channel channel, int bytes) throws InterruptedException {
        write(channel, bytes);
        assertThat(events.next()).isEqualTo(bytes + " bytes");
    }

    // agreement

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Tag("row-115")
    void carriesFrames(String version) throws Exception {
        try (TlsPeer peer = peer(server, version).start()) {
            Transport.Channel channel = connect(peer.port(), trusting(authority));

            assertThat(events.next()).isEqualTo("open");
            expectEcho(channel, 200);
            expectEcho(channel, 5_000_000);
            assertThat(peer.sessions).extracting(SSLSession::getProtocol).containsExactly(version);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Tag("row-115")
    void provesItselfWithACertificate(String version) throws Exception {
        try (TlsPeer peer = peer(server, version).needsClientCertificate().start()) {
            Transport.Channel channel = connect(peer.port(), withKey(client));

            assertThat(events.next()).isEqualTo("open");
            expectEcho(channel, 200);
            assertThat(peer.sessions.get(0).getPeerCertificates()[0]).isEqualTo(client.getCertificate());
        }
    }

    /** KAFKA-13418: a peer that changes its keys must not cost the connection. */
    @Test
    @Tag("row-115")
    void followsAChangeOfKeys() throws Exception {
        try (TlsPeer peer = peer(server, "TLSv1.3").start()) {
            peer.beginsHandshakes = true;
            Transport.Channel channel = connect(peer.port(), trusting(authority));

            assertThat(events.next()).isEqualTo("open");
            for (int i = 0; i < 20; i++) {
                expectEcho(channel, 1_000 + i);
            }
            assertThat(events.closed).isNotDone();
        }
    }

    @Test
    @Tag("row-115")
    void endsAConnectionThatTheBrokerRenegotiates() throws Exception {
        try (TlsPeer peer = peer(server, "TLSv1.2").start()) {
            peer.beginsHandshakes = true;
            Transport.Channel channel = connect(peer.port(), trusting(authority));
            assertThat(events.next()).isEqualTo("open");

            write(channel, 200); // the peer answers, and begins anew

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessage("TLS handshake with localhost:" + peer.port()
                            + " failed: the broker asks for a second handshake on the same connection (renegotiation);"
                            + " have it switched off there, or use TLSv1.3, which has none:"
                            + " app.producer.ssl.enabled-protocols (ssl.enabled.protocols)");
            await().until(() -> peer.handshakes.get() > 0);
            assertThat(peer.handshakes).hasValue(1);
        }
    }

    @Test
    void readsLargeCertificates() throws Exception {
        try (TlsPeer peer = peer(TestPki.largeServer(authority)).start()) {
            Transport.Channel channel = connect(
                    "127.0.0.1", peer.port(), engines(trusting(authority), EndpointIdentification.HTTPS), events);

            assertThat(events.next()).isEqualTo("open");
            expectEcho(channel, 200);
        }
    }

    @Test
    void resumesSessionsOfTheSameMaterial() throws Exception {
        try (TlsPeer peer = peer(server, "TLSv1.2").start()) {
            TlsEngines engines = engines(trusting(authority), EndpointIdentification.HTTPS);
            for (int i = 0; i < 2; i++) {
                Events each = new Events();
                Transport.Channel channel = connect("localhost", peer.port(), engines, each);
                assertThat(each.next()).isEqualTo("open");
                CompletableFuture.runAsync(channel::close, loop).join();
                each.end();
            }
            await().until(() -> peer.sessions.size() == 2);
            assertThat(peer.sessions.get(1).getId())
                    .isEqualTo(peer.sessions.get(0).getId());
        }
    }

    @Test
    void newMaterialCountsFromTheNextConnectionOn() throws Exception {
        try (TlsPeer peer = peer(server).start()) {
            TlsEngines engines = engines(trusting(otherAuthority), EndpointIdentification.HTTPS);
            Events refused = new Events();
            connect("localhost", peer.port(), engines, refused);
            assertThat(refused.end()).isInstanceOf(TlsHandshakeException.class);

            engines.use(trusting(authority));
            connect("localhost", peer.port(), engines, events);

            assertThat(events.next()).isEqualTo("open");
        }
    }

    @Test
    void takesAGoodbyeForTheEnd() throws Exception {
        try (TlsPeer peer = peer(server).start()) {
            peer.closesOutput = true;
            Transport.Channel channel = connect(peer.port(), trusting(authority));
            assertThat(events.next()).isEqualTo("open");
            expectEcho(channel, 200);

            assertThat(events.end()).hasMessageContaining("closed by the other side");
        }
    }

    // refusals

    @Test
    @Tag("row-115")
    void refusesAnUnknownAuthority() throws Exception {
        try (TlsPeer peer = peer(server).start()) {
            connect(peer.port(), trusting(otherAuthority));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageStartingWith("TLS handshake with localhost:" + peer.port()
                            + " failed: the broker's certificate is not trusted: ")
                    .hasMessageContaining("add the authority that issued it to app.producer.ssl.trust-store.location"
                            + " (ssl.truststore.location)");
            assertThat(events.heard).isEmpty();
        }
    }

    @Test
    @Tag("row-115")
    void refusesAnotherNameUnlessTold() throws Exception {
        try (TlsPeer peer =
                peer(TestPki.serverNamed(authority, "kafka.example.org")).start()) {
            connect(peer.port(), trusting(authority));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("the broker's certificate is not for the name it was reached by, localhost: ")
                    .hasMessageContaining("advertised.listeners");

            Events lenient = new Events();
            connect("localhost", peer.port(), engines(trusting(authority), EndpointIdentification.NONE), lenient);
            assertThat(lenient.next()).isEqualTo("open");
            Events named = new Events();
            connect(
                    "kafka.example.org",
                    peer.port(),
                    engines(trusting(authority), EndpointIdentification.HTTPS),
                    named);
            assertThat(named.next()).isEqualTo("open");
            await().until(() -> peer.sessions.size() == 2);
            assertThat(((ExtendedSSLSession) peer.sessions.get(1)).getRequestedServerNames())
                    .as("SNI")
                    .containsExactly(new SNIHostName("kafka.example.org"));
        }
    }

    @Test
    void refusesACertificateThatHasExpired() throws Exception {
        try (TlsPeer peer = peer(TestPki.expiredServer(authority)).start()) {
            connect(peer.port(), trusting(authority));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("is not valid now: ")
                    .hasMessageEndingWith("have it renewed, or set the clock");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @Tag("row-115")
    void saysThatTheBrokerWantsACertificate(String version) throws Exception {
        try (TlsPeer peer = peer(server, version).needsClientCertificate().start()) {
            connect(peer.port(), trusting(authority));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("app.producer.ssl.key-store.location (ssl.keystore.location)")
                    .hasMessageContaining("certificate of the client");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void saysThatTheBrokerDoesNotTrustTheCertificate(String version) throws Exception {
        try (TlsPeer peer = peer(server, version).needsClientCertificate().start()) {
            X509Bundle stranger = TestPki.client(otherAuthority);
            connect(
                    "localhost",
                    peer.port(),
                    engines(
                            TlsMaterial.of(
                                    new javax.net.ssl.KeyManager[] {new InsistentKeyManager(stranger)},
                                    new javax.net.ssl.TrustManager[] {authority.toTrustManager()}),
                            EndpointIdentification.HTTPS),
                    events);

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("the broker does not accept the client's certificate: alert=");
        }
    }

    @Test
    void saysThatThereIsNoCommonVersion() throws Exception {
        try (TlsPeer peer = peer(server, "TLSv1.2").start()) {
            connect(peer.port(), trusting(authority).withProtocols(List.of("TLSv1.3")));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("the broker refuses: alert=protocol_version; compare"
                            + " app.producer.ssl.enabled-protocols");
        }
    }

    // no TLS on the other side

    private Socket acceptPlain(ServerSocket plain) throws Exception {
        connect(plain.getLocalPort(), trusting(authority));
        return plain.accept();
    }

    @Test
    @Tag("row-115")
    void tellsGarbageFromTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket socket = acceptPlain(plain)) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));

            assertThat(events.end())
                    .isInstanceOf(TlsHandshakeException.class)
                    .hasMessageContaining("what answers there does not speak TLS; check the port and"
                            + " app.producer.security.protocol (security.protocol)");
        }
    }

    /** A plaintext listener of Kafka takes the first bytes for a size it does not believe, and closes. */
    @Test
    @Tag("row-115")
    void aConnectionThatEndsInTheHandshakeIsAnOrdinaryLoss() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Socket socket = acceptPlain(plain)) {
            assertThat(socket.getInputStream().read()).isEqualTo(0x16);
            socket.shutdownOutput();

            assertThat(events.end())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("during the TLS handshake")
                    .hasMessageContaining("a listener without TLS: check its port and app.producer.security.protocol");
        }
    }

    @Test
    void aHandshakeThatIsNeverAnsweredCanBeEnded() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Transport.Channel channel = connect(plain.getLocalPort(), trusting(authority));
            try (Socket silent = plain.accept()) {
                assertThat(silent.getInputStream().read()).isEqualTo(0x16);
                CompletableFuture.runAsync(channel::close, loop).join();

                assertThat(events.end()).hasMessageContaining("closed by this side");
                assertThat(events.heard).isEmpty();
            }
        }
    }

    /** What ends an attempt that gets no answer is the setup timeout of the connection. */
    @Test
    void aHandshakeThatIsNeverAnsweredEndsWithTheSetupTimeout() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            NettyTransport transport = new NettyTransport(
                    loop,
                    HostResolver.SYSTEM,
                    connectionSettings(),
                    new NettyTransport.Tls(engines(trusting(authority), EndpointIdentification.HTTPS), work));
            ConnectionSettings quick = new ConnectionSettings(
                    "test", 1_000_000_000L, 200_000_000L, 200_000_000L, 50_000_000L, 50_000_000L, -1, 5, -1, -1);
            CompletableFuture<Throwable> lost = new CompletableFuture<>();
            ConnectionListener listener = new ConnectionListener() {
                @Override
                public void onWritable(BrokerConnection connection) {}

                @Override
                public void onDisconnected(BrokerConnection connection, Throwable cause) {
                    lost.complete(cause);
                }
            };
            onLoop(() -> {
                new BrokerConnections(
                                loop,
                                transport,
                                quick,
                                listener,
                                ConnectionCommons.of("test"),
                                new java.util.SplittableRandom(1))
                        .connectionTo(1, new BrokerAddress("127.0.0.1", plain.getLocalPort()))
                        .ensureConnected();
                return true;
            });

            assertThat(lost.orTimeout(10, TimeUnit.SECONDS).join())
                    .hasMessageContaining("(setup timeout, ")
                    .hasMessageEndingWith(", waited for the TLS handshake");
        }
    }
}
