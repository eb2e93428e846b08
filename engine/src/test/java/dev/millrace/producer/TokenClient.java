package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.security.Token;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a token server as an application would: client credentials for a token (RFC 6749 §4.4). */
final class TokenClient {

    private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");
    private static final Pattern LIFETIME = Pattern.compile("\"expires_in\":(\\d+)");

    private TokenClient() {}

    static Token ask(URI endpoint, String id, String secret) throws Exception {
        String form = "grant_type=client_credentials&client_id=" + encoded(id) + "&client_secret=" + encoded(secret);
        HttpURLConnection call = (HttpURLConnection) endpoint.toURL().openConnection();
        try {
            call.setDoOutput(true);
            call.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
            call.getOutputStream().write(form.getBytes(StandardCharsets.US_ASCII));
            assertThat(call.getResponseCode()).isEqualTo(200);
            String answer = new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            long seconds = Long.parseLong(found(LIFETIME, answer));
            return Token.of(found(TOKEN, answer), Instant.now().plusSeconds(seconds));
        } finally {
            call.disconnect();
        }
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
