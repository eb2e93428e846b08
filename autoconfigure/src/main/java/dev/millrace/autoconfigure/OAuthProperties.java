package dev.millrace.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where tokens come from, under {@code app.producer.sasl.oauth}. */
public class OAuthProperties {

    /** Address of the token endpoint of the authorization server. */
    private @Nullable String tokenUri;

    /** Id of this client at the authorization server. */
    private @Nullable String clientId;

    /** Secret of this client. */
    private @Nullable String clientSecret;

    /** Comma-separated list of scopes to ask for. */
    private List<String> scope = List.of();

    /** Extensions of SASL that brokers get with the token. */
    private Map<String, String> extensions = new LinkedHashMap<>();

    /** How the client id and the secret are sent: basic for a header, post for the form. */
    private @Nullable String clientAuthentication;

    /** How long connecting to the token endpoint may take. */
    private @Nullable Duration connectTimeout;

    /** How long the token endpoint may take for an answer. */
    private @Nullable Duration readTimeout;

    /** Name of the SSL bundle with which the token endpoint is reached. */
    private @Nullable String sslBundle;

    /** Id of a client registration of Spring Security that gets the tokens, instead of a token endpoint here. */
    private @Nullable String registration;

    public @Nullable String getTokenUri() {
        return tokenUri;
    }

    public void setTokenUri(@Nullable String tokenUri) {
        this.tokenUri = tokenUri;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable String getClientSecret() {
        return clientSecret;
    }

    public void setClientSecret(@Nullable String clientSecret) {
        this.clientSecret = clientSecret;
    }

    public List<String> getScope() {
        return scope;
    }

    public void setScope(List<String> scope) {
        this.scope = scope;
    }

    public Map<String, String> getExtensions() {
        return extensions;
    }

    public void setExtensions(Map<String, String> extensions) {
        this.extensions = extensions;
    }

    public @Nullable String getClientAuthentication() {
        return clientAuthentication;
    }

    public void setClientAuthentication(@Nullable String clientAuthentication) {
        this.clientAuthentication = clientAuthentication;
    }

    public @Nullable Duration getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(@Nullable Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public @Nullable Duration getReadTimeout() {
        return readTimeout;
    }

    public void setReadTimeout(@Nullable Duration readTimeout) {
        this.readTimeout = readTimeout;
    }

    public @Nullable String getSslBundle() {
        return sslBundle;
    }

    public void setSslBundle(@Nullable String sslBundle) {
        this.sslBundle = sslBundle;
    }

    public @Nullable String getRegistration() {
        return registration;
    }

    public void setRegistration(@Nullable String registration) {
        this.registration = registration;
    }
}
