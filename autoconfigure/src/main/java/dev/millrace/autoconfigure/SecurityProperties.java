package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** What protects the connections, under {@code app.producer.security}. */
public class SecurityProperties {

    /** Whether connections are encrypted and authenticated. Derived from whether there is an SSL bundle and a SASL mechanism. */
    private @Nullable String protocol;

    public @Nullable String getProtocol() {
        return protocol;
    }

    public void setProtocol(@Nullable String protocol) {
        this.protocol = protocol;
    }
}
