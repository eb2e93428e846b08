package dev.millrace.devbroker.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SignatureException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Collections;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevCertificatesTest {
    private final DevCertificates certificates = DevCertificates.create();

    @Test
    void aBrokerHasTheNamesOfThisMachine() throws Exception {
        DevCertificate broker = certificates.broker();

        broker.certificate().verify(certificates.authority().certificate().getPublicKey());
        broker.certificate().checkValidity();
        assertThat(broker.authority()).isEqualTo(certificates.authority().certificate());
        assertThat(broker.certificate().getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString()))
                .containsExactlyInAnyOrder("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void anotherAuthorityIsAStranger() {
        DevCertificates others = DevCertificates.create();

        assertThatThrownBy(() -> others.broker()
                        .certificate()
                        .verify(certificates.authority().certificate().getPublicKey()))
                .isInstanceOf(SignatureException.class);
    }

    @Test
    void anExpiredOneHasExpired() {
        assertThatThrownBy(() -> certificates.expiredBroker().certificate().checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
        assertThatThrownBy(() -> certificates.expiredClient("x").certificate().checkValidity())
                .isInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void pemIsWhatTheJdkReads() throws Exception {
        DevCertificate client = certificates.client("alice");

        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(client.certificatePem().getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(client.certificate());
        assertThat(content(client.keyPem())).isEqualTo(client.privateKey().getEncoded());
    }

    @Test
    void anEncryptedKeyOpensWithItsPassword() throws Exception {
        DevCertificate client = certificates.client("alice");

        EncryptedPrivateKeyInfo encrypted =
                new EncryptedPrivateKeyInfo(content(client.encryptedKeyPem("correct horse")));

        String cipherName = encrypted.getAlgParameters().toString(); // its algorithm is PBES2 whatever the cipher
        SecretKey key =
                SecretKeyFactory.getInstance(cipherName).generateSecret(new PBEKeySpec("correct horse".toCharArray()));
        Cipher cipher = Cipher.getInstance(cipherName);
        cipher.init(Cipher.DECRYPT_MODE, key, encrypted.getAlgParameters());
        assertThat(encrypted.getKeySpec(cipher).getEncoded())
                .isEqualTo(client.privateKey().getEncoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void storesHoldTheKeyAndTheAuthority(String type, @TempDir Path directory) throws Exception {
        DevCertificate client = certificates.client("alice");
        Path keys = directory.resolve("keys");
        Path trust = directory.resolve("trust");

        client.writeKeyStore(keys, type, "secret");
        client.writeTrustStore(trust, type, "secret");

        KeyStore keyStore = KeyStore.getInstance(keys.toFile(), "secret".toCharArray());
        assertThat(keyStore.getType()).isEqualToIgnoringCase(type);
        assertThat(keyStore.getKey("key", "secret".toCharArray())).isEqualTo(client.privateKey());
        KeyStore trustStore = KeyStore.getInstance(trust.toFile(), "secret".toCharArray());
        String only = Collections.list(trustStore.aliases()).get(0);
        assertThat(trustStore.getCertificate(only))
                .isEqualTo(certificates.authority().certificate());
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactlyInAnyOrder(keys, trust);
        }
    }

    @Test
    void theKeyIsInNoText() {
        assertThat(certificates.client("alice").toString())
                .contains("CN=alice", "CN=dev-authority")
                .doesNotContain("KEY");
    }

    private static byte[] content(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    }
}
