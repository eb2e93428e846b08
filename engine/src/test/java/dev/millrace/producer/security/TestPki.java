package dev.millrace.producer.security;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.AlgorithmParameters;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Authorities, and certificates they have issued, made for a test. */
@SuppressWarnings("exports") // tests see what the module does not name
public final class TestPki {

    public static final String PASSWORD = "hunter2-s3cret";

    private static final char[] CHARS = PASSWORD.toCharArray();

    private TestPki() {}

    /** A new authority. */
    public static X509Bundle authority(String name) throws Exception {
        return base(name).setIsCertificateAuthority(true).buildSelfSigned();
    }

    /** A certificate of a server for localhost and 127.0.0.1. */
    public static X509Bundle server(X509Bundle authority) throws Exception {
        return base("server")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    /** A certificate of a server for another name. */
    public static X509Bundle serverNamed(X509Bundle authority, String name) throws Exception {
        return base("server").addSanDnsName(name).buildIssuedBy(authority);
    }

    /** A certificate of a server that has expired. */
    public static X509Bundle expiredServer(X509Bundle authority) throws Exception {
        return base("server")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .notAfter(Instant.now().minus(Duration.ofDays(1)))
                .buildIssuedBy(authority);
    }

    /** A certificate for so many names that it does not fit into a few records of TLS. */
    public static X509Bundle largeServer(X509Bundle authority) throws Exception {
        CertificateBuilder builder = base("server").addSanIpAddress("127.0.0.1");
        for (int i = 0; i < 500; i++) {
            builder.addSanDnsName("a-rather-long-name-of-a-broker-" + i + ".example.org");
        }
        return builder.buildIssuedBy(authority);
    }

    /** A certificate of a client. */
    public static X509Bundle client(X509Bundle authority) throws Exception {
        return base("client").buildIssuedBy(authority);
    }

    private static CertificateBuilder base(String name) {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .rsa2048()
                .notBefore(Instant.now().minus(Duration.ofDays(2)))
                .notAfter(Instant.now().plus(Duration.ofDays(2)));
    }

    /** What a server works with. */
    public static SSLContext serverContext(X509Bundle server, X509Bundle trustedAuthority) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore("PKCS12", server), CHARS);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trustStore("PKCS12", trustedAuthority));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** A store with a key; its password is {@link #PASSWORD}. */
    public static KeyStore keyStore(String type, X509Bundle bundle) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, CHARS);
        store.setKeyEntry("key", bundle.getKeyPair().getPrivate(), CHARS, bundle.getCertificatePathWithRoot());
        return store;
    }

    /** A store with an authority. */
    public static KeyStore trustStore(String type, X509Bundle authority) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, CHARS);
        store.setCertificateEntry("ca", authority.getCertificate());
        return store;
    }

    /** The key as PKCS#8 in PEM, encrypted with {@link #PASSWORD}. */
    public static String encryptedKeyPem(X509Bundle bundle, String scheme) throws Exception {
        PrivateKey key = bundle.getKeyPair().getPrivate();
        SecretKeyFactory factory = SecretKeyFactory.getInstance(scheme);
        Cipher cipher = Cipher.getInstance(scheme);
        cipher.init(Cipher.ENCRYPT_MODE, factory.generateSecret(new PBEKeySpec(CHARS)));
        AlgorithmParameters parameters = cipher.getParameters();
        if (scheme.contains("Hmac")) { // PBES2, of which the JVM writes parameters under this name only
            parameters = AlgorithmParameters.getInstance("PBES2");
            parameters.init(cipher.getParameters().getEncoded());
        }
        byte[] der = new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key.getEncoded())).getEncoded();
        return "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END ENCRYPTED PRIVATE KEY-----\n";
    }
}
