package dev.millrace.producer.config;

/** Makes the security configuration of checked values. */
final class SecuritySettings {

    private SecuritySettings() {}

    static SecurityConfig conclude(SettingValues values, SecurityObjects objects) {
        SecurityProtocol protocol = values.choice(Setting.SECURITY_PROTOCOL, SecurityProtocol.class);
        return new SecurityConfig(
                protocol,
                protocol.usesTls() ? TlsSettings.conclude(values, objects) : null,
                SaslSettings.conclude(values, objects));
    }
}
