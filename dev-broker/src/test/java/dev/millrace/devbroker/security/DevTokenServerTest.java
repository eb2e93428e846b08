package dev.millrace.devbroker.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DevTokenServerTest {
    private final DevTokenServer tokens =
            DevTokenServer.start().client("orders service", "p%s+d").lifetime(Duration.ofSeconds(40));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        tokens.close();
    }

    @Test
    void givesAClientATokenThatItsKeysVerify() throws Exception {
        HttpResponse<String> answer = ask("orders service:p%s+d", "grant_type=client_credentials");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JsonUtil.parseJson(answer.body())).containsEntry("expires_in", 40L);
        JwtClaims claims =
                verify(String.valueOf(JsonUtil.parseJson(answer.body()).get("access_token")));
        assertThat(claims.getSubject()).isEqualTo("orders service");
        assertThat(claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue())
                .isEqualTo(40);
    }

    @Test
    void takesEncodedPartsOfTheHeaderAndTheFormToo() throws Exception {
        assertThat(ask("orders+service:p%25s%2Bd", "grant_type=client_credentials")
                        .statusCode())
                .isEqualTo(200);
        assertThat(ask("", "grant_type=client_credentials&client_id=orders+service&client_secret=p%25s%2Bd")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesWrongSecretsAndOtherGrants() throws Exception {
        assertThat(ask("orders service:wrong", "grant_type=client_credentials").statusCode())
                .isEqualTo(401);
        assertThat(ask("", "grant_type=client_credentials").statusCode()).isEqualTo(401);
        assertThat(ask("orders service:p%s+d", "grant_type=password").statusCode())
                .isEqualTo(400);
    }

    @Test
    void failsAsLongAsItIsTold() throws Exception {
        tokens.fail(503);
        assertThat(ask("orders service:p%s+d", "grant_type=client_credentials").statusCode())
                .isEqualTo(503);

        tokens.work();
        assertThat(ask("orders service:p%s+d", "grant_type=client_credentials").statusCode())
                .isEqualTo(200);
        assertThat(tokens.requests()).isEqualTo(2);
    }

    @Test
    void issuesTokensThatHaveExpired() {
        String expired = tokens.issue("alice", Duration.ofMinutes(-5));

        Assertions.assertThrows(InvalidJwtException.class, () -> verify(expired));
    }

    private JwtClaims verify(String token) throws Exception {
        String keys = http.send(
                        HttpRequest.newBuilder(tokens.keysEndpoint()).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(keys).doesNotContain("\"d\"");
        return new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setExpectedIssuer(tokens.issuer())
                .setExpectedAudience(tokens.audience())
                .setVerificationKeyResolver(new JwksVerificationKeyResolver(new JsonWebKeySet(keys).getJsonWebKeys()))
                .build()
                .processToClaims(token);
    }

    private HttpResponse<String> ask(String credentials, String form) throws Exception {
        URI endpoint = tokens.tokenEndpoint();
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (!credentials.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
