package dev.millrace.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.benchmarks.sink.SinkBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sink in a process of its own. */
final class SinkProcess implements Broker {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String READY = "ready ";

    private final Process process;
    private final BufferedReader out;
    private final PrintWriter in;
    private final String bootstrapServers;

    SinkProcess(Processors processors, Map<String, String> options) throws IOException {
        List<String> command = new ArrayList<>(processors.forSink());
        command.addAll(JavaCommand.of(
                SinkBroker.class.getName(), List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"), options));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        String line = out.readLine();
        if (line == null || !line.startsWith(READY)) {
            throw new IOException("the sink does not start: " + line);
        }
        bootstrapServers = line.substring(READY.length());
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public Map<String, Double> report() throws IOException {
        in.println("report");
        JsonNode counts = JSON.readTree(out.readLine());
        if (counts.path("faults").asLong() > 0) {
            throw new IOException("the sink was sent what a broker refuses: " + counts);
        }
        double records = counts.path("records").asDouble();
        if (records == 0) {
            return Map.of();
        }
        return Map.of(
                "wireBytesPerRecord",
                counts.path("batchBytes").asDouble() / records,
                "recordsPerBatch",
                records / counts.path("batches").asDouble(),
                "recordsPerRequest",
                records / counts.path("produceRequests").asDouble());
    }

    @Override
    public void close() {
        in.close();
        process.destroy();
    }
}
