package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** How the producer proves who it is, under {@code app.producer.sasl}. */
public class SaslProperties {

    /** Mechanism of SASL. */
    private @Nullable String mechanism;

    /** User of the mechanisms that take a password. */
    private @Nullable String username;

    /** Password of the user. */
    private @Nullable String password;

    /** First part of the principals of the brokers, for GSSAPI. */
    private @Nullable String kerberosServiceName;

    @NestedConfigurationProperty
    private final OAuthProperties oauth = new OAuthProperties();

    @NestedConfigurationProperty
    private final LoginRefreshProperties loginRefresh = new LoginRefreshProperties();

    public @Nullable String getMechanism() {
        return mechanism;
    }

    public void setMechanism(@Nullable String mechanism) {
        this.mechanism = mechanism;
    }

    public @Nullable String getUsername() {
        return username;
    }

    public void setUsername(@Nullable String username) {
        this.username = username;
    }

    public @Nullable String getPassword() {
        return password;
    }

    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    public @Nullable String getKerberosServiceName() {
        return kerberosServiceName;
    }

    public void setKerberosServiceName(@Nullable String kerberosServiceName) {
        this.kerberosServiceName = kerberosServiceName;
    }

    public OAuthProperties getOauth() {
        return oauth;
    }

    public LoginRefreshProperties getLoginRefresh() {
        return loginRefresh;
    }
}
