package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;

/** TLS of the connections, under {@code app.producer.ssl}. */
public class SslProperties {

    /** Name of the SSL bundle with the keys and the trusted authorities. */
    private @Nullable String bundle;

    /** How the certificate of a broker is compared with the name it was reached by. */
    private @Nullable String endpointIdentification;

    /** What a change of the SSL bundle does: nothing, or new-connections use it, or all connections are recycled. */
    private @Nullable String reload;

    public @Nullable String getBundle() {
        return bundle;
    }

    public void setBundle(@Nullable String bundle) {
        this.bundle = bundle;
    }

    public @Nullable String getEndpointIdentification() {
        return endpointIdentification;
    }

    public void setEndpointIdentification(@Nullable String endpointIdentification) {
        this.endpointIdentification = endpointIdentification;
    }

    public @Nullable String getReload() {
        return reload;
    }

    public void setReload(@Nullable String reload) {
        this.reload = reload;
    }
}
