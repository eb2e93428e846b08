package dev.millrace.producer.config;

import dev.millrace.producer.security.TlsSource;
import org.jspecify.annotations.Nullable;

/** What is given to a configuration as an object, because no text can be it. Mutable while it is collected. */
final class SecurityObjects {

    @Nullable
    TlsSource tls; // null if not given

    SecurityObjects copy() {
        SecurityObjects copy = new SecurityObjects();
        copy.tls = tls;
        return copy;
    }
}
