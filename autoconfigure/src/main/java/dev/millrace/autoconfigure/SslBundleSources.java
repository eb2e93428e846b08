package dev.millrace.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The sources of TLS material that the context's producers use, one for each bundle and way to reload it. A bundle is listened
 * to once, however often producers come and go: Boot's handlers cannot be removed. Used while the context starts.
 */
final class SslBundleSources {

    private final @Nullable SslBundles bundles;
    private final Map<Key, SslBundleSource> sources = new HashMap<>();

    /** Without bundles none is known. */
    SslBundleSources(@Nullable SslBundles bundles) {
        this.bundles = bundles;
    }

    private record Key(String name, SslReload reload) {}

    /** The names that can be asked for. */
    List<String> names() {
        return bundles == null
                ? List.of()
                : bundles.getBundleNames().stream().sorted().toList();
    }

    /** Of a bundle with one of the {@link #names()}; null of another. */
    synchronized @Nullable SslBundleSource named(String name, SslReload reload) {
        SslBundles known = bundles;
        if (known == null || !known.getBundleNames().contains(name)) {
            return null;
        }
        return sources.computeIfAbsent(new Key(name, reload), key -> {
            SslBundleSource source = new SslBundleSource(name, () -> known.getBundle(name), reload);
            known.addBundleUpdateHandler(name, changed -> source.changed());
            return source;
        });
    }

    /** Of a bundle that connection details have, which stays what it is. */
    static SslBundleSource fixed(SslBundle bundle) {
        return new SslBundleSource("of the connection details", () -> bundle, SslReload.NONE);
    }
}
