package dev.millrace.producer.config;

import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TlsSources;
import java.util.List;

/** Makes the security configuration of checked values. */
final class SecuritySettings {

    private SecuritySettings() {}

    static SecurityConfig conclude(SettingValues values, SecurityObjects objects) {
        SecurityProtocol protocol = values.choice(Setting.SECURITY_PROTOCOL, SecurityProtocol.class);
        return new SecurityConfig(
                protocol, protocol.usesTls() ? tls(values, objects) : null, SaslSettings.conclude(values, objects));
    }

    private static TlsConfig tls(SettingValues values, SecurityObjects objects) {
        TlsSource source = objects.tls;
        return new TlsConfig(
                source == null ? TlsSources.jvmDefault() : source,
                values.choice(Setting.TLS_ENDPOINT_IDENTIFICATION, EndpointIdentification.class),
                List.of(),
                List.of());
    }
}
