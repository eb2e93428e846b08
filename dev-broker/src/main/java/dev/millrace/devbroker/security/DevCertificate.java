package dev.millrace.devbroker.security;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.util.io.pem.PemGenerationException;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate, its private key and the authority that issued it, in the forms that brokers and clients read: PEM text,
 * and stores of type PKCS12 or JKS. Made by {@link DevCertificates}; immutable, for any thread.
 */
public final class DevCertificate {
    private final X509Bundle bundle;

    DevCertificate(X509Bundle bundle) {
        this.bundle = bundle;
    }

    X509Bundle bundle() {
        return bundle;
    }

    /** The certificate itself. */
    public X509Certificate certificate() {
        return bundle.getCertificate();
    }

    /** The certificate of the authority that issued it; of an authority its own. */
    public X509Certificate authority() {
        return bundle.getRootCertificate();
    }

    /** The private key. */
    public PrivateKey privateKey() {
        return bundle.getKeyPair().getPrivate();
    }

    /** The private key as PKCS #8 in PEM, not encrypted. */
    public String keyPem() {
        return pem("PRIVATE KEY", privateKey().getEncoded());
    }

    /** The private key as PKCS #8 in PEM, encrypted with AES-256 (PBES2, RFC 8018). */
    public String encryptedKeyPem(String password) {
        try {
            // The JDK can decrypt such keys but, in 17, not name the cipher it encrypted one with.
            OutputEncryptor cipher = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(PKCS8Generator.PRF_HMACSHA256)
                    .setPassword(password.toCharArray())
                    .build();
            PemObject encrypted = new JcaPKCS8Generator(privateKey(), cipher).generate();
            return pem(encrypted.getType(), encrypted.getContent());
        } catch (OperatorCreationException | PemGenerationException e) {
            throw new IllegalStateException("the key cannot be encrypted", e);
        }
    }

    /** The certificate in PEM. */
    public String certificatePem() {
        return pem("CERTIFICATE", encoded(certificate()));
    }

    /** The authority's certificate in PEM: what the other side trusts. */
    public String authorityPem() {
        return pem("CERTIFICATE", encoded(authority()));
    }

    /** Writes certificate and key to two files. */
    public void writePem(Path keyFile, Path certificateFile) {
        try {
            Files.writeString(keyFile, keyPem());
            Files.writeString(certificateFile, certificatePem());
        } catch (IOException e) {
            throw new UncheckedIOException("PEM files cannot be written: " + keyFile + ", " + certificateFile, e);
        }
    }

    /**
     * Writes a store with key and certificate; the password is that of the store and of the key.
     *
     * @param type {@code PKCS12} or {@code JKS}
     */
    public void writeKeyStore(Path file, String type, String password) {
        KeyStore store = emptyStore(type);
        try {
            X509Certificate[] chain = {certificate()};
            store.setKeyEntry("key", privateKey(), password.toCharArray(), chain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key cannot be put in a store of type " + type, e);
        }
        write(store, file, password);
    }

    /**
     * Writes a store that trusts the authority of this certificate.
     *
     * @param type {@code PKCS12} or {@code JKS}
     */
    public void writeTrustStore(Path file, String type, String password) {
        DevCertificates.writeTrustStore(file, type, password, this);
    }

    /** Subject, authority and end of validity; never the key. */
    @Override
    public String toString() {
        return "DevCertificate[" + certificate().getSubjectX500Principal() + " issued by "
                + certificate().getIssuerX500Principal() + " until "
                + certificate().getNotAfter().toInstant() + "]";
    }

    static KeyStore emptyStore(String type) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            return store;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no store of type " + type + "; use PKCS12 or JKS", e);
        } catch (IOException e) {
            throw new UncheckedIOException("an empty store of type " + type + " cannot be made", e);
        }
    }

    /** Through a file beside it, so that a watcher never sees half a store. */
    static void write(KeyStore store, Path file, String password) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream out = Files.newOutputStream(part)) {
                store.store(out, password.toCharArray());
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the store cannot be encrypted: " + file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("the store cannot be written: " + file, e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the certificate cannot be encoded: " + certificate, e);
        }
    }

    private static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
