package dev.millrace.producer.security;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The sources of TLS material that are built in.
 *
 * <pre>
 * TlsSource source = TlsSources.builder()
 *         .trustPem(Path.of("/etc/kafka/ca.crt"))
 *         .keyPem(Path.of("/etc/kafka/tls.key"), Path.of("/etc/kafka/tls.crt"))
 *         .build();
 * </pre>
 *
 * <p>Files are looked at now and then; what has changed is used as soon as it is complete.
 */
public final class TlsSources {

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    private TlsSources() {}

    /** The authorities the JVM trusts, and no certificate of the client's. Equal to every other one. */
    public static TlsSource jvmDefault() {
        return JvmDefault.SOURCE;
    }

    /** A description of stores and PEM; without anything else set it is the JVM's authorities and no key. */
    public static Builder builder() {
        return new Builder();
    }

    /** A constant, so that all producers that use it share. */
    private enum JvmDefault implements TlsSource {
        SOURCE;

        @Override
        public TlsMaterial load() throws GeneralSecurityException {
            return TlsMaterial.jvmDefault();
        }

        @Override
        public String toString() {
            return "JVM default";
        }
    }

    /**
     * Says where keys and trusted certificates are. Nothing is read before the source is loaded. A later call replaces an
     * earlier one for the same thing. Sources of equal descriptions are equal. Not thread-safe.
     */
    public static final class Builder {

        private @Nullable KeyMaterial keys; // null for none
        private @Nullable String keyPassword; // null for none, or that of the store
        private @Nullable KeyMaterial trust; // null for the JVM's
        private String keyManagerAlgorithm = KeyManagerFactory.getDefaultAlgorithm();
        private String trustManagerAlgorithm = TrustManagerFactory.getDefaultAlgorithm();
        private Duration checkInterval = CHECK_INTERVAL;

        private Builder() {}

        /** The client's key and certificate in a store of a type such as {@code PKCS12} or {@code JKS}. */
        public Builder keyStore(Path file, String type, @Nullable String password) {
            keys = new KeyMaterial.StoreFile(file, type, password);
            return this;
        }

        /** The client's key (PKCS#8) and certificate with its chain in PEM files; they may be in one. */
        public Builder keyPem(Path keyFile, Path chainFile) {
            keys = new KeyMaterial.PemKey(keyFile, chainFile, "", "");
            return this;
        }

        /** The client's key (PKCS#8) and certificate with its chain in PEM. */
        public Builder keyPem(String key, String chain) {
            keys = new KeyMaterial.PemKey(null, null, key, chain);
            return this;
        }

        /** Decrypts the client's key, where its password is another than that of its store. */
        public Builder keyPassword(@Nullable String password) {
            keyPassword = password;
            return this;
        }

        /** The authorities to trust in a store of a type such as {@code PKCS12} or {@code JKS}. */
        public Builder trustStore(Path file, String type, @Nullable String password) {
            trust = new KeyMaterial.StoreFile(file, type, password);
            return this;
        }

        /** The authorities to trust in a PEM file. */
        public Builder trustPem(Path file) {
            trust = new KeyMaterial.PemCertificates(file, "");
            return this;
        }

        /** The authorities to trust in PEM. */
        public Builder trustPem(String certificates) {
            trust = new KeyMaterial.PemCertificates(null, certificates);
            return this;
        }

        /** Another algorithm of JSSE's key managers than the JVM's default. */
        public Builder keyManagerAlgorithm(String name) {
            keyManagerAlgorithm = Objects.requireNonNull(name, "name must not be null");
            return this;
        }

        /** Another algorithm of JSSE's trust managers than the JVM's default. */
        public Builder trustManagerAlgorithm(String name) {
            trustManagerAlgorithm = Objects.requireNonNull(name, "name must not be null");
            return this;
        }

        /** How often files are looked at; default 10 s, must be positive. */
        public Builder checkInterval(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("interval must be positive: " + interval);
            }
            checkInterval = interval;
            return this;
        }

        /** The source. */
        public TlsSource build() {
            return new ConfiguredTlsSource(
                    keys, keyPassword, trust, keyManagerAlgorithm, trustManagerAlgorithm, checkInterval);
        }
    }
}
