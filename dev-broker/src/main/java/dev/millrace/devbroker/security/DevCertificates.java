package dev.millrace.devbroker.security;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate authority for tests: it makes certificates of brokers and clients, good ones and bad ones. Two of these
 * are two authorities that do not trust each other.
 *
 * <pre>{@code
 * DevCertificates certificates = DevCertificates.create();
 * DevCluster.builder().listener("TLS", DevListener.tls(certificates.broker()));
 * certificates.client("orders-service").writeKeyStore(file, "PKCS12", "secret");
 * }</pre>
 *
 * <p>Keys are on the curve P-256. All certificates of brokers have the same subject, so that one can take the place of
 * another in a running broker, which refuses a change of the name. Immutable, for any thread.
 */
public final class DevCertificates {
    private static final String BROKER_SUBJECT = "CN=dev-broker";
    private static final String[] LOOPBACK = {"localhost", "127.0.0.1", "::1"};
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

    private final DevCertificate authority;

    private DevCertificates(DevCertificate authority) {
        this.authority = authority;
    }

    /** A new authority, named {@code dev-authority}. */
    public static DevCertificates create() {
        return create("dev-authority");
    }

    /** A new authority with this common name. */
    public static DevCertificates create(String name) {
        try {
            return new DevCertificates(new DevCertificate(validNow("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
                    .buildSelfSigned()));
        } catch (Exception e) {
            throw new IllegalStateException("the authority could not be made: name=" + name, e);
        }
    }

    /** The authority's own certificate, which the other side trusts. */
    public DevCertificate authority() {
        return authority;
    }

    /** A new certificate of a broker on {@code localhost}, {@code 127.0.0.1} and {@code ::1}. */
    public DevCertificate broker() {
        return brokerFor(LOOPBACK);
    }

    /** A new certificate of a broker with these names and addresses and no others, such as a wrong one. */
    public DevCertificate brokerFor(String... hosts) {
        return issue(withHosts(validNow(BROKER_SUBJECT), hosts).addExtendedKeyUsageServerAuth());
    }

    /** A certificate of a broker that was valid until yesterday. */
    public DevCertificate expiredBroker() {
        return issue(withHosts(validUntilYesterday(BROKER_SUBJECT), LOOPBACK).addExtendedKeyUsageServerAuth());
    }

    /** A new certificate of a client; the broker's name for it is {@code User:CN=<name>}, unless a rule maps it. */
    public DevCertificate client(String name) {
        return issue(validNow("CN=" + name).addExtendedKeyUsageClientAuth());
    }

    /** A certificate of a client that was valid until yesterday. */
    public DevCertificate expiredClient(String name) {
        return issue(validUntilYesterday("CN=" + name).addExtendedKeyUsageClientAuth());
    }

    /**
     * Writes a store that trusts several authorities, for the days of a change from one to the other.
     *
     * @param type {@code PKCS12} or {@code JKS}
     */
    public static void writeTrustStore(Path file, String type, String password, DevCertificate... authorities) {
        KeyStore store = DevCertificate.emptyStore(type);
        try {
            for (int i = 0; i < authorities.length; i++) {
                store.setCertificateEntry("authority-" + i, authorities[i].authority());
            }
        } catch (KeyStoreException e) {
            throw new IllegalStateException("authorities cannot be put in a store of type " + type, e);
        }
        DevCertificate.write(store, file, password);
    }

    private DevCertificate issue(CertificateBuilder certificate) {
        try {
            X509Bundle issued = certificate
                    .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
                    .buildIssuedBy(authority.bundle());
            return new DevCertificate(issued);
        } catch (Exception e) {
            throw new IllegalStateException("the certificate could not be made", e);
        }
    }

    private static CertificateBuilder validNow(String subject) {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .ecp256()
                .subject(subject)
                .notBefore(now.minus(CLOCKS_DIFFER))
                .notAfter(now.plus(VALIDITY));
    }

    private static CertificateBuilder validUntilYesterday(String subject) {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        return validNow(subject).notBefore(yesterday.minus(VALIDITY)).notAfter(yesterday);
    }

    private static CertificateBuilder withHosts(CertificateBuilder certificate, String... hosts) {
        for (String host : hosts) {
            boolean isAddress = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            if (isAddress) {
                certificate.addSanIpAddress(host);
            } else {
                certificate.addSanDnsName(host);
            }
        }
        return certificate;
    }
}
