package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.SecurityProtocol;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.serialization.Serializers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.Oid;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real broker believes a ticket of a real Kerberos server. */
@Timeout(180)
class KerberosIT {

    private static final String REALM = "MILLRACE.TEST";
    private static final String SERVICE = "kafka";
    private static final String HOST = "127.0.0.1"; // as brokers of the tests call themselves
    private static final String CLIENT = "producer@" + REALM;
    private static final String KRB5_CONF = "java.security.krb5.conf";
    private static final String KERBEROS_5 = "1.2.840.113554.1.2.2";

    private static Path directory;

    private static final SimpleKdcServer KDC = kdc();
    private static DevCluster cluster = DevCluster.builder().build(); // replaced as soon as there are keys

    private static SimpleKdcServer kdc() {
        try {
            return new SimpleKdcServer();
        } catch (Exception e) {
            throw new IllegalStateException("no KDC", e);
        }
    }

    @BeforeAll
    static void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        KDC.setKdcRealm(REALM);
        KDC.setKdcHost(HOST);
        KDC.setAllowUdp(false);
        KDC.setAllowTcp(true);
        KDC.setKdcTcpPort(freePort());
        KDC.setWorkDir(directory.toFile());
        KDC.init();
        KDC.start();
        Path brokerKeys = directory.resolve("broker.keytab");
        Path clientKeys = directory.resolve("client.keytab");
        String broker = SERVICE + "/" + HOST + "@" + REALM;
        KDC.createAndExportPrincipals(brokerKeys.toFile(), broker);
        KDC.createAndExportPrincipals(clientKeys.toFile(), CLIENT);
        Path conf = directory.resolve("krb5.conf");
        assertThat(Files.exists(conf)).isTrue();
        System.setProperty(KRB5_CONF, conf.toString());

        String prefix = "listener.name.krb.";
        cluster = DevCluster.builder()
                .listener("KRB", "SASL_PLAINTEXT")
                .brokerSetting(prefix + "sasl.enabled.mechanisms", "GSSAPI")
                .brokerSetting(
                        prefix + "gssapi.sasl.jaas.config",
                        "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab=\""
                                + brokerKeys + "\" principal=\"" + broker + "\";")
                .brokerSetting(prefix + "gssapi.connections.max.reauth.ms", "3000")
                .brokerSetting("sasl.kerberos.service.name", SERVICE)
                .jvmArguments("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-D" + KRB5_CONF + "=" + conf)
                .start();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        KDC.stop();
        System.clearProperty(KRB5_CONF);
    }

    private static ProducerConfig.Builder config(KerberosCredentialSupplier supplier, String service) {
        return ProducerConfig.builder()
                .bootstrapServers(cluster.bootstrapServers("KRB"))
                .securityProtocol(SecurityProtocol.SASL_PLAINTEXT)
                .saslMechanism(SaslMechanism.GSSAPI)
                .saslKerberosServiceName(service)
                .maxBlock(Duration.ofSeconds(8))
                .saslKerberos(supplier);
    }

    /** As an application does that has keys: JAAS is its own affair. */
    private static GSSCredential credential() throws Exception {
        Configuration keys = new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return new AppConfigurationEntry[] {
                    new AppConfigurationEntry(
                            "com.sun.security.auth.module.Krb5LoginModule",
                            LoginModuleControlFlag.REQUIRED,
                            Map.of(
                                    "useKeyTab",
                                    "true",
                                    "doNotPrompt",
                                    "true",
                                    "keyTab",
                                    directory.resolve("client.keytab").toString(),
                                    "principal",
                                    CLIENT))
                };
            }
        };
        Subject subject = new Subject(false, Set.of(), Set.of(), Set.of());
        LoginContext login = new LoginContext("client", subject, null, keys);
        login.login();
        PrivilegedExceptionAction<GSSCredential> made = () -> {
            GSSManager manager = GSSManager.getInstance();
            Oid mechanism = new Oid(KERBEROS_5);
            GSSName name = manager.createName(CLIENT, GSSName.NT_USER_NAME);
            return manager.createCredential(
                    name, GSSCredential.DEFAULT_LIFETIME, mechanism, GSSCredential.INITIATE_ONLY);
        };
        return Subject.doAs(subject, made);
    }

    @Test
    @Tag("row-113")
    @Tag("row-114")
    void believesATicketAndRenewsTheSession() throws Exception {
        String topic = Reference.newTopic(cluster, 2);
        ProducerConfig config = config(KerberosIT::credential, SERVICE).build();
        try (Producer<Integer, Integer> producer =
                Producers.open(config, Serializers.integers(), Serializers.integers())) {
            SteadyLoad load = SteadyLoad.on(producer, topic);
            for (int second = 0; second < 6; second++) {
                load.awaitMore(1_000);
            }
            load.stopAndJudge(cluster);
        }
    }

    @Test
    @Tag("row-113")
    void namesTheServiceThatHasNoTicket() throws Exception {
        try (Producer<String, String> producer = Clients.openText(config(KerberosIT::credential, "nobody"))) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() ->
                            producer.send(new ProducerRecord<>("any", "value")).get(20, TimeUnit.SECONDS))
                    .withMessageContaining("no Kerberos ticket for nobody/" + HOST);
        }
    }
}
