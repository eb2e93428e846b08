package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSources;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class TlsEnginesTest {

    private static final String ONE_SUITE = "TLS_AES_128_GCM_SHA256";
    private static final String OTHER_SUITE = "TLS_AES_256_GCM_SHA384";

    private static TlsConfig config(List<String> protocols, List<String> suites) {
        return new TlsConfig(TlsSources.jvmDefault(), EndpointIdentification.HTTPS, protocols, suites);
    }

    private static TlsMaterial material() throws Exception {
        return TlsSources.jvmDefault().load();
    }

    private static SSLEngine engine(TlsConfig config, TlsMaterial material) {
        return new TlsEngines(config, material).engine("broker", 9093);
    }

    @Test
    void offersWhatIsSafeAndComparesNames() throws Exception {
        SSLEngine engine = engine(config(List.of(), List.of()), material());
        SSLParameters parameters = engine.getSSLParameters();

        assertThat(engine.getUseClientMode()).isTrue();
        assertThat(engine.getPeerHost()).isEqualTo("broker");
        assertThat(parameters.getProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
        assertThat(parameters.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    }

    @Test
    void settingsComeBeforeTheMaterialsWishesAndThoseBeforeDefaults() throws Exception {
        TlsMaterial wishes = material().withProtocols(List.of("TLSv1.2")).withCipherSuites(List.of(OTHER_SUITE));
        SSLEngine asWished = engine(config(List.of(), List.of()), wishes);
        SSLEngine asSet = engine(config(List.of("TLSv1.3"), List.of(ONE_SUITE)), wishes);

        assertThat(asWished.getEnabledProtocols()).containsExactly("TLSv1.2");
        assertThat(asWished.getEnabledCipherSuites()).containsExactly(OTHER_SUITE);
        assertThat(asSet.getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(asSet.getEnabledCipherSuites()).containsExactly(ONE_SUITE);
    }

    @Test
    void refusesAtOnceWhatTheJvmDoesNotKnow() throws Exception {
        TlsMaterial material = material();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TlsEngines(config(List.of(), List.of("TLS_NO_SUCH")), material));
        TlsEngines working = new TlsEngines(config(List.of(), List.of()), material);
        assertThatIllegalArgumentException().isThrownBy(() -> working.use(material.withProtocols(List.of("TLSv9"))));
        assertThat(working.engine("broker", 9093).getEnabledProtocols()).contains("TLSv1.3");
    }
}
