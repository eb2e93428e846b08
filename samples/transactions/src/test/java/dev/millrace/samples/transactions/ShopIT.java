package dev.millrace.samples.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Timeout(120)
class ShopIT {
    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json;
    private final int port;

    ShopIT(@Autowired JsonMapper json, @LocalServerPort int port) {
        this.json = json;
        this.port = port;
    }

    @Test
    void showsWhatIsLeftOfEachOrder() throws Exception {
        assertThat(place("ada", "SUCCESS").path("told").asString()).isEqualTo("placed: order 1");
        JsonNode refused = place("grace", "BUSINESS_FAILURE");

        assertThat(refused.path("told").asString()).startsWith("refused: grace");
        assertThat(refused.path("books").toString())
                .isEqualTo("{\"database\":[\"order 1 by ada: lamp\"],\"orders\":[\"order 1 by ada: lamp\"],"
                        + "\"payments\":[\"payment of ada for order 1\"]}");
    }

    @Test
    void hasAPageWithAButtonForEachEnding() throws Exception {
        HttpResponse<String> page = client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(page.body()).contains("data-ending=\"SUCCESS\"", "data-ending=\"BROKER_DOWN_BETWEEN_COMMITS\"");
    }

    private JsonNode place(String customer, String ending) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/orders?ending=" + ending))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"customer\": \"" + customer + "\", \"item\": \"lamp\"}"))
                .build();
        return json.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
}
