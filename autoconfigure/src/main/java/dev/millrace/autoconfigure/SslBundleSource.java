package dev.millrace.autoconfigure;

import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * The TLS material of an SSL bundle, with the ciphers and protocols of its options. There is one material for each version of
 * the bundle, so that connections resume their sessions. A version that cannot be used is logged once, and the one before
 * stays. Producers share a cluster if they have the same object.
 */
final class SslBundleSource implements TlsSource {

    private static final Logger LOGGER = LoggerFactory.getLogger(SslBundleSource.class);

    private final String name;
    private final Supplier<SslBundle> bundle;
    private final SslReload reload;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Guards what was loaded. */
    private final ReentrantLock lock = new ReentrantLock();

    private @Nullable SslBundle looked; // the last version that was looked at, usable or not
    private @Nullable TlsMaterial material; // of the last version that can be used

    /**
     * Of a bundle.
     *
     * @param name what messages call it
     * @param bundle gives the present version
     */
    SslBundleSource(String name, Supplier<SslBundle> bundle, SslReload reload) {
        this.name = name;
        this.bundle = bundle;
        this.reload = reload;
    }

    @Override
    public TlsMaterial load() throws Exception {
        lock.lock();
        try {
            TlsMaterial last = material;
            if (last != null && reload == SslReload.NONE) {
                return last;
            }
            return refreshed(last);
        } finally {
            lock.unlock();
        }
    }

    private TlsMaterial refreshed(@Nullable TlsMaterial last) throws Exception {
        SslBundle present = bundle.get();
        if (last != null && present == looked) {
            return last;
        }
        looked = present;
        TlsMaterial loaded = loadOrKeep(present, last);
        material = loaded;
        return loaded;
    }

    /** An unusable first version is the caller's problem. */
    private TlsMaterial loadOrKeep(SslBundle present, @Nullable TlsMaterial last) throws Exception {
        try {
            return materialOf(present);
        } catch (Exception broken) {
            if (last == null) {
                throw new IllegalStateException(
                        "the SSL bundle '" + name + "' cannot be used: " + broken.getMessage(), broken);
            }
            LOGGER.warn(
                    "The SSL bundle '{}' has changed and cannot be used, so the producer keeps what it has: {}",
                    name,
                    broken.toString());
            return last;
        }
    }

    private static TlsMaterial materialOf(SslBundle bundle) throws Exception {
        BundleKeys.check(bundle);
        SslOptions options = bundle.getOptions();
        return TlsMaterial.of(bundle.createSslContext())
                .withProtocols(listOf(options.getEnabledProtocols()))
                .withCipherSuites(listOf(options.getCiphers()));
    }

    private static List<String> listOf(String @Nullable [] names) {
        return names == null ? List.of() : List.of(names);
    }

    /** Tells the producers that the bundle has another version, unless it cannot be used or is not asked for. */
    void changed() {
        if (reload != SslReload.NONE && isRefreshed()) {
            listeners.forEach(Runnable::run);
        }
    }

    private boolean isRefreshed() {
        lock.lock();
        try {
            TlsMaterial last = material;
            return last != null && refreshed(last) != last;
        } catch (Exception unusable) {
            throw new IllegalStateException("a later version that cannot be used is replaced by the last", unusable);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        Runnable own = Objects.requireNonNull(listener)::run; // so that each registration ends by itself
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    @Override
    public String toString() {
        return "SSL bundle '" + name + "'";
    }
}
