package dev.millrace.samples.observability.tryit;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The shop as somebody outside of it sees it. */
final class Web {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String root;

    Web(int port) {
        this.root = "http://localhost:" + port;
    }

    String post(String path, String body) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(root + path))
                .header("content-type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    String get(String path) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(root + path)).build());
    }

    private String answer(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
