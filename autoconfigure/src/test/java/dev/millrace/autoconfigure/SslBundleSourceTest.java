package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.devbroker.security.DevCertificate;
import dev.millrace.devbroker.security.DevCertificates;
import dev.millrace.producer.security.TlsMaterial;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** One bundle over its versions. */
class SslBundleSourceTest {

    private static final DevCertificates CERTIFICATES = DevCertificates.create();

    private final DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("shop", bundle(keyOf("a")));
    private final SslBundleSources sources = new SslBundleSources(registry);

    @Test
    void makesOneMaterialForEachVersion() throws Exception {
        SslBundleSource source = source(SslReload.NEW_CONNECTIONS);
        TlsMaterial first = source.load();

        assertThat(source.load()).isSameAs(first);
        registry.updateBundle("shop", bundle(keyOf("b")));
        TlsMaterial second = source.load();

        assertThat(second).isNotSameAs(first);
        assertThat(source.load()).isSameAs(second);
    }

    @ParameterizedTest
    @EnumSource
    void tellsOfChanges(SslReload reload) throws Exception {
        AtomicInteger changes = new AtomicInteger();
        SslBundleSource source = source(reload);
        TlsMaterial first = source.load();
        int expected = reload == SslReload.NONE ? 0 : 1;
        try (AutoCloseable registration = source.onChange(changes::incrementAndGet)) {
            registry.updateBundle("shop", bundle(keyOf("b")));
            assertThat(changes).hasValue(expected);
            assertThat(registration).isNotNull();
        }
        registry.updateBundle("shop", bundle(keyOf("c")));
        assertThat(changes).hasValue(expected);
        assertThat(source.load() == first).isEqualTo(reload == SslReload.NONE);
    }

    @Test
    void keepsWhatItHasIfTheNewVersionIsBroken() throws Exception {
        SslBundleSource source = source(SslReload.RECYCLE);
        TlsMaterial first = source.load();
        try (CapturedLog log = CapturedLog.of(SslBundleSource.class)) {
            registry.updateBundle("shop", broken());
            assertThat(source.load()).isSameAs(first);
            assertThat(source.load()).isSameAs(first);
            assertThat(log.lines())
                    .containsExactly("WARN The SSL bundle 'shop' has changed and cannot be used, so the producer keeps"
                            + " what it has: java.security.GeneralSecurityException: its private key does not belong to"
                            + " its certificate");
        }
        registry.updateBundle("shop", bundle(keyOf("c")));
        assertThat(source.load()).isNotSameAs(first);
    }

    @Test
    void refusesABrokenFirstVersion() {
        registry.updateBundle("shop", broken());

        assertThatIllegalStateException()
                .isThrownBy(() -> source(SslReload.NONE).load())
                .withMessage(
                        "the SSL bundle 'shop' cannot be used: its private key does not belong to its certificate");
    }

    @Test
    void isTheSameForAllWhoReloadAlike() {
        assertThat(source(SslReload.NONE)).isSameAs(source(SslReload.NONE)).isNotSameAs(source(SslReload.RECYCLE));
        assertThat(sources.named("other", SslReload.NONE)).isNull();
        assertThat(new SslBundleSources(null).names()).isEmpty();
    }

    private SslBundleSource source(SslReload reload) {
        SslBundleSource source = sources.named("shop", reload);
        if (source == null) {
            throw new AssertionError("no bundle");
        }
        return source;
    }

    private static DevCertificate keyOf(String name) {
        return CERTIFICATES.client(name);
    }

    /** With the key of another certificate, as while files are replaced. */
    private static SslBundle broken() {
        return bundle(keyOf("x").keyPem(), keyOf("y").certificatePem());
    }

    private static SslBundle bundle(DevCertificate client) {
        return bundle(client.keyPem(), client.certificatePem());
    }

    private static SslBundle bundle(@Nullable String key, String certificate) {
        SslStoreBundle stores = new PemSslStoreBundle(
                PemSslStore.load(PemSslStoreDetails.forCertificate(certificate).withPrivateKey(key)),
                PemSslStore.load(PemSslStoreDetails.forCertificate(
                        CERTIFICATES.authority().certificatePem())));
        return SslBundle.of(stores);
    }
}
