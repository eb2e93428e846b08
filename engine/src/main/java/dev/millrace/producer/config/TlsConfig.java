package dev.millrace.producer.config;

import dev.millrace.producer.security.TlsSource;
import java.util.List;

/**
 * TLS of the connections. Made by {@link ProducerConfig.Builder}, which checks.
 *
 * @param source where keys and trusted authorities come from; default the JVM's authorities and no key
 * @param endpointIdentification whether a certificate must be for the name the broker was reached by; default https
 * @param protocols versions of TLS to offer; empty for those of the material, or else 1.3 and 1.2
 * @param cipherSuites cipher suites to offer; empty for those of the material, or else the JVM's
 */
public record TlsConfig(
        TlsSource source,
        EndpointIdentification endpointIdentification,
        List<String> protocols,
        List<String> cipherSuites) {

    /** Copies the lists. */
    public TlsConfig {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
    }

    /** Without the source, whose text is its author's. */
    @Override
    public String toString() {
        return "TlsConfig[source=" + source.getClass().getSimpleName() + ", endpointIdentification="
                + endpointIdentification + ", protocols=" + protocols + ", cipherSuites=" + cipherSuites + "]";
    }
}
