package dev.millrace.benchmarks.security;

import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The client's key store and trust store, replaced on disk as an operator or a certificate manager does. */
final class ClientFiles {

    private static final String TYPE = "PKCS12";
    private static final String PASSWORD = "endure";

    private final Path keys;
    private final Path trust;

    private ClientFiles(Path directory) {
        this.keys = directory.resolve("client.p12");
        this.trust = directory.resolve("trust.p12");
    }

    static ClientFiles create() throws IOException {
        return new ClientFiles(Files.createTempDirectory("endure-security-"));
    }

    void show(DevCertificate client) {
        client.writeKeyStore(keys, TYPE, PASSWORD);
    }

    void trust(DevCertificate... authorities) {
        DevCertificates.writeTrustStore(trust, TYPE, PASSWORD, authorities);
    }

    /** Looks at the files every two seconds. */
    TlsSource source() {
        return TlsSources.builder()
                .keyStore(keys, TYPE, PASSWORD)
                .trustStore(trust, TYPE, PASSWORD)
                .checkInterval(Duration.ofSeconds(2))
                .build();
    }

    void delete() throws IOException {
        Files.deleteIfExists(keys);
        Files.deleteIfExists(trust);
        Files.deleteIfExists(keys.getParent());
    }
}
