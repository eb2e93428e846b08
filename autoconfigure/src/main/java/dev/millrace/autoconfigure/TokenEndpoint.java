package dev.millrace.autoconfigure;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.util.StringUtils;

/**
 * A token endpoint, and what a client asks it for (RFC 6749, 4.4). Shows no secret.
 *
 * @param uri absolute, https or http
 * @param scopes may be empty
 * @param connectTimeout for the connection
 * @param readTimeout for the whole answer
 */
record TokenEndpoint(
        URI uri,
        String clientId,
        String clientSecret,
        ClientAuthentication authentication,
        List<String> scopes,
        Duration connectTimeout,
        Duration readTimeout) {

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    TokenEndpoint {
        scopes = scopes.stream().filter(StringUtils::hasText).map(String::trim).toList();
    }

    /** Asks for a token of the client's own. */
    HttpRequest request() {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        if (!scopes.isEmpty()) {
            form.put("scope", String.join(" ", scopes));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(readTimeout)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json");
        switch (authentication) {
            case BASIC -> request.header("Authorization", "Basic " + basic());
            case POST -> {
                form.put("client_id", clientId);
                form.put("client_secret", clientSecret);
            }
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(encoded(form))).build();
    }

    /** Both parts are encoded as in a form before they are joined (RFC 6749, 2.3.1). */
    private String basic() {
        String joined = encoded(clientId) + ":" + encoded(clientSecret);
        return Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The address without what may be secret: user, query and fragment. */
    @Override
    public String toString() {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }
}
