package dev.millrace.producer.security;

import static dev.millrace.producer.security.TestPki.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSourcesTest {

    private static X509Bundle authority;
    private static X509Bundle client;

    private Path directory;

    @BeforeEach
    void use(@TempDir Path temporary) {
        directory = temporary;
    }

    @BeforeAll
    static void issue() throws Exception {
        authority = TestPki.authority("ca");
        client = TestPki.client(authority);
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private Path store(String name, KeyStore store) throws Exception {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static TlsSources.Builder keyPem(String key) {
        return TlsSources.builder().keyPem(key, client.getCertificatePathPEM());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    @Tag("row-115")
    void loadsStores(String type) throws Exception {
        Path keys = store("keys", TestPki.keyStore(type, client));
        Path trust = store("trust", TestPki.trustStore(type, authority));

        TlsMaterial material = TlsSources.builder()
                .keyStore(keys, type, PASSWORD)
                .trustStore(trust, type, PASSWORD)
                .build()
                .load();

        assertThat(material.hasKeys()).isTrue();
    }

    @Test
    @Tag("row-115")
    void loadsPemTextAndFiles() throws Exception {
        String both = client.getPrivateKeyPEM() + client.getCertificatePathPEM();
        Path file = file("client.pem", both);

        assertThat(keyPem(client.getPrivateKeyPEM()).build().load().hasKeys()).isTrue();
        assertThat(TlsSources.builder()
                        .keyPem(file, file)
                        .trustPem(file("ca.pem", authority.getCertificatePEM()))
                        .build()
                        .load()
                        .hasKeys())
                .isTrue();
        assertThat(TlsSources.builder()
                        .trustPem(authority.getCertificatePEM())
                        .build()
                        .load()
                        .hasKeys())
                .isFalse();
    }

    @Test
    void readsPemWhoseLinesWereJoined() throws Exception {
        String joined = client.getPrivateKeyPEM().replace("\n", " ");

        assertThat(keyPem(joined).build().load().hasKeys()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PBEWithHmacSHA256AndAES_256", "PBEWithHmacSHA1AndAES_128", "PBEWithSHA1AndDESede"})
    @Tag("row-115")
    void decryptsKeys(String scheme) throws Exception {
        String key = TestPki.encryptedKeyPem(client, scheme);

        assertThat(keyPem(key).keyPassword(PASSWORD).build().load().hasKeys()).isTrue();
        assertThatThrownBy(() -> keyPem(key).keyPassword("wrong-one").build().load())
                .hasMessage("private key in PEM cannot be decrypted; check the password of the key");
        assertThatThrownBy(() -> keyPem(key).build().load())
                .hasMessage("private key in PEM is encrypted and there is no password for the key");
    }

    @Test
    void refusesAKeyOfAnotherCertificate() throws Exception {
        X509Bundle other = TestPki.client(authority);

        assertThatThrownBy(() -> keyPem(other.getPrivateKeyPEM()).build().load())
                .hasMessage("private key in PEM has a private key that does not belong to its certificate; replace both"
                        + " together");
    }

    @Test
    void saysWhatIsWrongWithPem() throws Exception {
        assertThatThrownBy(() -> keyPem("nothing").build().load())
                .hasMessage("private key in PEM has 0 private keys; it must have one");
        assertThatThrownBy(() -> keyPem("-----BEGIN RSA PRIVATE KEY-----AAAA-----END RSA PRIVATE KEY-----")
                        .build()
                        .load())
                .hasMessage("private key in PEM has a key in the form RSA PRIVATE KEY; convert it with openssl pkcs8"
                        + " -topk8");
        assertThatThrownBy(
                        () -> TlsSources.builder().trustPem("nothing").build().load())
                .hasMessageStartingWith("trusted certificates in PEM has no certificate");
    }

    @Test
    @Tag("row-116")
    void saysWhichStoreCannotBeRead() throws Exception {
        Path missing = directory.resolve("missing.p12");
        Path store = store("keys.p12", TestPki.keyStore("PKCS12", client));

        assertThatThrownBy(() -> TlsSources.builder()
                        .trustStore(missing, "PKCS12", PASSWORD)
                        .build()
                        .load())
                .hasMessageContaining("store " + missing + " of type PKCS12 does not exist");
        assertThatThrownBy(() -> TlsSources.builder()
                        .keyStore(store, "PKCS12", "wrong-one")
                        .build()
                        .load())
                .hasMessageStartingWith("store " + store + " of type PKCS12 cannot be read")
                .hasMessageEndingWith("check its type and password");
        assertThatThrownBy(() -> TlsSources.builder()
                        .keyStore(store("trust.p12", TestPki.trustStore("PKCS12", authority)), "PKCS12", PASSWORD)
                        .build()
                        .load())
                .hasMessageEndingWith("has no private key");
    }

    @Test
    void equalDescriptionsAreEqualAndShowNoSecret() throws Exception {
        String key = client.getPrivateKeyPEM();

        TlsSource one = keyPem(key).keyPassword(PASSWORD).build();
        assertThat(one).isEqualTo(keyPem(key).keyPassword(PASSWORD).build());
        assertThat(one).isNotEqualTo(keyPem(key).keyPassword("other").build());
        TlsSource store =
                TlsSources.builder().keyStore(Path.of("k"), "JKS", PASSWORD).build();
        assertThat(one.toString() + store).doesNotContain(PASSWORD).doesNotContain("BEGIN");
    }

    @Test
    void tellsWhenTheContentOfAFileChanges() throws Exception {
        Path ca = file("ca.pem", authority.getCertificatePEM());
        AtomicInteger changes = new AtomicInteger();
        TlsSource source = TlsSources.builder()
                .trustPem(ca)
                .checkInterval(Duration.ofMillis(20))
                .build();
        try (AutoCloseable watch = source.onChange(changes::incrementAndGet)) {
            assertThat(watch).isNotNull();
            Files.setLastModifiedTime(ca, java.nio.file.attribute.FileTime.fromMillis(1));
            Files.delete(ca); // as in the middle of an exchange
            file("ca.pem", authority.getCertificatePEM());
            file("ca.pem", TestPki.authority("new").getCertificatePEM());
            await().untilAsserted(() -> assertThat(changes).hasValue(1));
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("millrace-tls-files")));
    }
}
