package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecurityConfigTest {

    private static ProducerConfig.Builder builder() {
        return ProducerConfig.builder().bootstrapServers("a:1");
    }

    @Test
    void plaintextHasNeitherTlsNorSasl() {
        assertThat(builder().build().security()).isEqualTo(new SecurityConfig(SecurityProtocol.PLAINTEXT, null, null));
    }

    @Test
    void tlsTrustsTheAuthoritiesOfTheJvmAndChecksNames() {
        assertThat(builder()
                        .securityProtocol(SecurityProtocol.SSL)
                        .build()
                        .security()
                        .tls())
                .isEqualTo(new TlsConfig(TlsSources.jvmDefault(), EndpointIdentification.HTTPS, List.of(), List.of()));
    }

    @Test
    void takesASourceAndKeepsItInACopy() {
        TlsSource source = TlsMaterial::jvmDefault;
        ProducerConfig config = builder()
                .securityProtocol(SecurityProtocol.SSL)
                .tls(source)
                .tlsEndpointIdentification(EndpointIdentification.NONE)
                .build();

        TlsConfig expected = new TlsConfig(source, EndpointIdentification.NONE, List.of(), List.of());
        assertThat(config.security().tls()).isEqualTo(expected);
        assertThat(config.toBuilder().build().security()).isEqualTo(config.security());
    }
}
