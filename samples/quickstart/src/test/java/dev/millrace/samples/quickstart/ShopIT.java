package dev.millrace.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
    void answersWithThePlaceOfTheOrder() throws Exception {
        HttpResponse<String> answer = place(order("ada"));

        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode placed = json.readTree(answer.body());
        assertThat(placed.path("orderId").asString()).isNotEmpty();
        assertThat(placed.path("topic").asString()).isEqualTo("orders");
        assertThat(placed.path("partition").asInt(-1)).isNotNegative();
        assertThat(placed.path("offset").asLong(-1)).isNotNegative();
    }

    @Test
    void putsTheOrdersOfACustomerInOrder() throws Exception {
        JsonNode first = json.readTree(place(order("grace")).body());
        JsonNode second = json.readTree(place(order("grace")).body());

        assertThat(second.path("partition")).isEqualTo(first.path("partition"));
        assertThat(second.path("offset").asLong())
                .isGreaterThan(first.path("offset").asLong());
    }

    @Test
    void namesTheFieldsOfAnInvalidOrder() throws Exception {
        HttpResponse<String> answer =
                place("{\"customer\": \" \", \"item\": \"lamp\", \"quantity\": 0, \"amount\": 19.999}");

        JsonNode problem = problem(answer, 400);
        assertThat(problem.path("title").asString()).isEqualTo("The order is not valid");
        assertThat(problem.path("detail").asString()).endsWith("amount, customer, quantity");
        assertThat(problem.path("errors").propertyNames()).containsExactly("amount", "customer", "quantity");
        assertThat(problem.path("hint").asString()).contains("nothing was placed");
    }

    @Test
    void showsHowAnOrderIsWritten() throws Exception {
        JsonNode problem = problem(place("an order, please"), 400);

        assertThat(problem.path("hint").asString()).contains("\"customer\"");
    }

    @Test
    void streamsPlacedOrders() throws Exception {
        HttpResponse<InputStream> stream =
                client.send(request("/orders/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(stream.statusCode()).isEqualTo(200);
            JsonNode placed = json.readTree(place(order("alan")).body());

            JsonNode event = nextOrderOf("alan", lines);

            assertThat(event.path("order").path("id")).isEqualTo(placed.path("orderId"));
            assertThat(event.path("partition")).isEqualTo(placed.path("partition"));
            assertThat(event.path("offset").asLong())
                    .isEqualTo(placed.path("offset").asLong());
        }
    }

    private JsonNode nextOrderOf(String customer, BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                JsonNode event = json.readTree(line.substring("data:".length()));
                if (event.path("order").path("customer").asString().equals(customer)) {
                    return event;
                }
            }
        }
        throw new AssertionError("the stream ended without an order of " + customer);
    }

    private JsonNode problem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        return json.readTree(answer.body());
    }

    private HttpResponse<String> place(String order) throws IOException, InterruptedException {
        return client.send(
                request("/orders")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(order))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static String order(String customer) {
        return "{\"customer\": \"" + customer + "\", \"item\": \"lamp\", \"quantity\": 1, \"amount\": 19.90}";
    }
}
