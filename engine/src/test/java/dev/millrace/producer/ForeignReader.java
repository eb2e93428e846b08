package dev.millrace.producer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.devbroker.DevCluster;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Consumers that share no code with Kafka's own, run as programs. What they need is installed once for the user, below
 * {@code ~/.cache/millrace}. A machine that has it not and cannot get it aborts the test; where {@code CI} is true it fails.
 */
enum ForeignReader {
    /** The command-line program on librdkafka, the library below most clients that are not for the JVM. */
    KCAT {
        @Override
        void install() throws Exception {
            debianPackage("kcat");
        }

        @Override
        List<Read> readAll(DevCluster cluster, String topic, int count) throws Exception {
            Path root = directory("kcat").resolve("root");
            byte[] output = run(
                    libraries(root),
                    root.resolve("usr/bin/kcat").toString(),
                    "-C",
                    "-e",
                    "-q",
                    "-b",
                    cluster.bootstrapServers(),
                    "-t",
                    topic,
                    "-o",
                    "beginning",
                    "-X",
                    "check.crcs=true",
                    "-f",
                    "%p %o %T %K %S %h\n%k%s\n");
            return parseKcat(output);
        }
    },
    /** The client written in JavaScript. */
    KAFKAJS {
        @Override
        void install() throws Exception {
            if (!Files.exists(directory(KAFKAJS_DIRECTORY))) {
                if (nodeOfTheSystem() == null) {
                    debianPackage("nodejs");
                }
                node(script("install-kafkajs.js"), directory(KAFKAJS_DIRECTORY).toString());
            }
        }

        @Override
        List<Read> readAll(DevCluster cluster, String topic, int count) throws Exception {
            String output = new String(
                    node(script("read-kafkajs.js"), cluster.bootstrapServers(), topic, Integer.toString(count)), UTF_8);
            return output.lines().map(ForeignReader::parseKafkajs).toList();
        }
    };

    private static final String KAFKAJS_DIRECTORY = "kafkajs-2.2.4";
    private static final long LIMIT_SECONDS = 120;

    /**
     * A record as a reader saw it. Bytes are the characters of ISO 8859-1, so that they can be compared and shown.
     *
     * @param headers the values of each name, in their order; readers do not tell the order of names
     */
    record Read(
            int partition,
            long offset,
            long timestamp,
            @Nullable String key,
            @Nullable String value,
            Map<String, List<@Nullable String>> headers) {}

    /** Brings the program to this machine. */
    abstract void install() throws Exception;

    /** The whole topic, which has so many records; each partition in its order. */
    abstract List<Read> readAll(DevCluster cluster, String topic, int count) throws Exception;

    /** {@link #install}, or the end of the test. */
    void require() throws Exception {
        try {
            install();
        } catch (IOException e) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                throw e;
            }
            Assumptions.abort("reader not available: " + this + "; " + e.getMessage());
        }
    }

    static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, ISO_8859_1);
    }

    private static List<Read> parseKcat(byte[] output) {
        String rest = new String(output, ISO_8859_1);
        List<Read> records = new ArrayList<>();
        int at = 0;
        while (at < rest.length()) {
            int end = rest.indexOf('\n', at);
            String[] fields = rest.substring(at, end).split(" ", 6);
            int keyEnd = end + 1 + Math.max(0, Integer.parseInt(fields[3]));
            int valueEnd = keyEnd + Math.max(0, Integer.parseInt(fields[4]));
            records.add(new Read(
                    Integer.parseInt(fields[0]),
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    fields[3].equals("-1") ? null : rest.substring(end + 1, keyEnd),
                    fields[4].equals("-1") ? null : rest.substring(keyEnd, valueEnd),
                    parseKcatHeaders(fields[5])));
            at = valueEnd + 1;
        }
        return records;
    }

    /** {@code name=value,name=NULL}; the tests use neither comma nor that word. */
    private static Map<String, List<@Nullable String>> parseKcatHeaders(String headers) {
        Map<String, List<@Nullable String>> parsed = new TreeMap<>();
        for (String header : headers.isEmpty() ? new String[0] : headers.split(",", -1)) {
            int equals = header.indexOf('=');
            String value = header.substring(equals + 1);
            parsed.computeIfAbsent(header.substring(0, equals), name -> new ArrayList<>())
                    .add(value.equals("NULL") ? null : value);
        }
        return parsed;
    }

    private static Read parseKafkajs(String line) {
        String[] fields = line.split(" ", -1);
        Map<String, List<@Nullable String>> headers = new TreeMap<>();
        for (int i = 5; i < fields.length; i += 2) {
            headers.computeIfAbsent(String.valueOf(fromBase64(fields[i])), name -> new ArrayList<>())
                    .add(fromBase64(fields[i + 1]));
        }
        return new Read(
                Integer.parseInt(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                fromBase64(fields[3]),
                fromBase64(fields[4]),
                headers);
    }

    private static @Nullable String fromBase64(String field) {
        return field.equals("-") ? null : text(Base64.getDecoder().decode(field.substring(1)));
    }

    // the programs

    private static byte[] node(String... command) throws Exception {
        Path root = directory("nodejs").resolve("root");
        Path own = root.resolve("usr/bin/node");
        List<String> whole = new ArrayList<>(
                List.of(Objects.requireNonNullElse(nodeOfTheSystem(), own).toString()));
        whole.addAll(List.of(command));
        Map<String, String> environment = new TreeMap<>(Map.of(
                "NODE_PATH",
                directory(KAFKAJS_DIRECTORY).resolve("node_modules").toString()));
        if (Files.exists(own)) {
            environment.putAll(libraries(root));
        }
        return run(environment, whole.toArray(new String[0]));
    }

    private static @Nullable Path nodeOfTheSystem() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path node = Path.of(directory, "node");
            if (Files.isExecutable(node)) {
                return node;
            }
        }
        return null;
    }

    private static void debianPackage(String name) throws Exception {
        Path directory = directory(name);
        if (!Files.exists(directory)) {
            run(Map.of(), "sh", script("debian-package.sh"), directory.toString(), name);
        }
    }

    /** Where the libraries of an unpacked Debian package are. */
    private static Map<String, String> libraries(Path root) throws IOException {
        List<String> directories = new ArrayList<>();
        for (String parent : List.of("lib", "usr/lib")) {
            if (Files.isDirectory(root.resolve(parent))) {
                try (var children = Files.newDirectoryStream(root.resolve(parent), "*-linux-gnu*")) {
                    children.forEach(child -> directories.add(child.toString()));
                }
            }
        }
        return Map.of("LD_LIBRARY_PATH", String.join(":", directories));
    }

    private static Path directory(String name) {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path caches =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return caches.resolve("millrace").resolve("readers").resolve(name);
    }

    private static String script(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ForeignReader.class.getResource("/readers/" + name), name)
                        .toURI())
                .toString();
    }

    /** The standard output of a program that ends well and in time. */
    private static byte[] run(Map<String, String> environment, String... command) throws Exception {
        Path output = Files.createTempFile("millrace-reader", ".out");
        Path errors = Files.createTempFile("millrace-reader", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        "not done after " + LIMIT_SECONDS + " s: " + List.of(command) + " " + Files.readString(errors));
            }
            if (process.exitValue() != 0) {
                throw new IOException("exit code " + process.exitValue() + " of " + List.of(command) + ": "
                        + Files.readString(errors));
            }
            return Files.readAllBytes(output);
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
