package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.security.TlsMaterial;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * Makes the TLS engines of connections, of the material in use at that moment. Sessions are resumed among the engines of one
 * material. Any thread.
 */
public final class TlsEngines {

    private static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private final TlsConfig config;
    private volatile TlsMaterial material;

    /**
     * With what to begin.
     *
     * @throws IllegalArgumentException if no engine can be made of it
     */
    public TlsEngines(TlsConfig config, TlsMaterial first) {
        this.config = config;
        this.material = first;
        engine(
                "localhost",
                1,
                first); // what JSSE does not know is told here, and not when the first connection is made
    }

    /**
     * Uses this from the next engine on.
     *
     * @throws IllegalArgumentException if no engine can be made of it; what was in use stays in use
     */
    public void use(TlsMaterial next) {
        engine("localhost", 1, next);
        material = next;
    }

    /** An engine for a connection to a name or address, which is what the broker's certificate has to be for. */
    public SSLEngine engine(String host, int port) {
        return engine(host, port, material);
    }

    private SSLEngine engine(String host, int port, TlsMaterial of) {
        SSLEngine engine = of.context().createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(firstGiven(config.protocols(), firstGiven(of.protocols(), DEFAULT_PROTOCOLS))
                .toArray(new String[0]));
        List<String> cipherSuites = firstGiven(config.cipherSuites(), of.cipherSuites());
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(new String[0]));
        }
        if (config.endpointIdentification() == EndpointIdentification.HTTPS) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static List<String> firstGiven(List<String> first, List<String> second) {
        return first.isEmpty() ? second : first;
    }

    /** Whether the client has, as far as is known, a key to prove itself with. */
    public boolean hasKeys() {
        return material.hasKeys();
    }
}
