package dev.millrace.producer.security;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Stores and PEM, loaded as they are now. Equal to another one that reads the same.
 *
 * @param keys what the client proves itself with, null for nothing
 * @param keyPassword of the private key, null if it has none or that of its store
 * @param trust whom it trusts, null for the authorities the JVM trusts
 * @param checkInterval how often files are looked at
 */
record ConfiguredTlsSource(
        @Nullable KeyMaterial keys,
        @Nullable String keyPassword,
        @Nullable KeyMaterial trust,
        String keyManagerAlgorithm,
        String trustManagerAlgorithm,
        Duration checkInterval)
        implements TlsSource {

    @Override
    public TlsMaterial load() throws GeneralSecurityException, IOException {
        return TlsMaterial.of(keyManagers(), trustManagers());
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException, IOException {
        if (keys == null) {
            return null;
        }
        KeyMaterial.Loaded loaded = keys.load(keyPassword);
        KeyPairCheck.check(keys.name(), loaded);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(keyManagerAlgorithm);
        factory.init(loaded.store(), loaded.password());
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
        if (trust == null) {
            return null;
        }
        KeyMaterial.Loaded loaded = trust.load(null);
        if (loaded.store().size() == 0) {
            throw new GeneralSecurityException(trust.name() + " has no certificate, so no broker would be trusted");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(trustManagerAlgorithm);
        factory.init(loaded.store());
        return factory.getTrustManagers();
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        List<Path> files = files();
        return files.isEmpty() ? () -> {} : FileWatch.start(files, checkInterval, listener);
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        if (keys != null) {
            files.addAll(keys.files());
        }
        if (trust != null) {
            files.addAll(trust.files());
        }
        return files;
    }

    @Override
    public String toString() {
        return "keys=" + keys + " trust=" + (trust == null ? "JVM default" : trust);
    }
}
