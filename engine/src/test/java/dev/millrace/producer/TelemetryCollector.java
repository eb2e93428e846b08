package dev.millrace.producer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.server.telemetry.ClientTelemetryContext;
import org.apache.kafka.server.telemetry.ClientTelemetryExporter;
import org.apache.kafka.server.telemetry.ClientTelemetryExporterProvider;
import org.apache.kafka.server.telemetry.ClientTelemetryPayload;

/**
 * Runs within a broker and keeps what clients push: each push is a file, named by its number, the client's id there, whether
 * it is the last one, and the client id of the request. Uses nothing but Kafka's classes, as the broker has no others.
 */
@SuppressWarnings("exports") // the broker and not a module uses it
public final class TelemetryCollector
        implements MetricsReporter, ClientTelemetryExporterProvider, ClientTelemetryExporter {

    /** The broker setting with the directory of the files. */
    static final String DIRECTORY = "test.telemetry.directory";

    private final AtomicInteger pushes = new AtomicInteger();
    private Path directory = Path.of(".");

    /** Made by the broker. */
    public TelemetryCollector() {}

    @Override
    public void configure(Map<String, ?> settings) {
        directory = Path.of(String.valueOf(settings.get(DIRECTORY)));
    }

    @Override
    public ClientTelemetryExporter clientTelemetryExporter() {
        return this;
    }

    @Override
    public void exportMetrics(ClientTelemetryContext context, ClientTelemetryPayload payload) {
        ByteBuffer data = payload.data();
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        String name = "%04d %s %s %s"
                .formatted(
                        pushes.incrementAndGet(),
                        payload.clientInstanceId(),
                        payload.isTerminating(),
                        context.authorizableRequestContext().clientId());
        try {
            Path written = Files.write(directory.resolve("." + name), bytes);
            Files.move(written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        // the broker's own metrics are of no interest
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        // as above
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        // as above
    }

    @Override
    public void close() {
        // every push is in its file
    }
}
