package dev.millrace.samples.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.Producer;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.KafkaPropertyNames;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.ProducerSettings;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "pipe",
        mixinStandardHelpOptions = true,
        version = "pipe of Millrace 0.1.0-SNAPSHOT",
        sortOptions = false,
        description = "Publishes each line of a file or of standard input as one record.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:every line was acknowledged",
            "1:some were not, or the input could not be read",
            "2:the arguments are wrong"
        })
public final class PipeCommand implements Callable<Integer> {
    private static final String DEFAULT_DELIVERY_TIMEOUT_MILLIS = "120000";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-b", "--brokers"},
            required = true,
            paramLabel = "HOST:PORT",
            description = "several with commas")
    private String brokers = "";

    @Option(
            names = {"-t", "--topic"},
            required = true,
            paramLabel = "TOPIC",
            description = "where to")
    private String topic = "";

    @Option(
            names = {"-k", "--key-separator"},
            paramLabel = "SEPARATOR",
            description = "what stands before its first occurrence is the key; \\t is a tab")
    private @Nullable String separator;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "instead of standard input")
    private @Nullable Path file;

    @Option(
            names = {"-p", "--partition"},
            paramLabel = "N",
            description = "instead of the one the key decides or the producer chooses")
    private @Nullable Integer partition;

    @Option(names = "--acks", paramLabel = "all|1|0", description = "which replicas must have a line; default all")
    private @Nullable String acks;

    @Option(
            names = "-X",
            paramLabel = "NAME=VALUE",
            description = "a producer setting under Kafka's name, such as linger.ms=50; may be repeated")
    private Map<String, String> properties = new HashMap<>();

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs the command and returns its exit code. */
    static int execute(String... arguments) {
        return new CommandLine(new PipeCommand()).execute(arguments);
    }

    @Override
    public Integer call() throws IOException {
        RecordFormat format = format();
        ProducerConfig config = config();
        Path path = file;
        if (path == null) {
            return publish(System.in, format, config);
        }
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw wrong("-f: " + path + " is not a file that can be read");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return publish(in, format, config);
        }
    }

    private static int publish(InputStream in, RecordFormat format, ProducerConfig config) {
        Producer<byte[], byte[]> producer = Producers.open(config, Serializers.bytes(), Serializers.bytes());
        return new PipeRun(producer, format, config.delivery().maxRequestSizeBytes(), System.err).publish(in);
    }

    private RecordFormat format() {
        if (topic.isEmpty()) {
            throw wrong("-t: the topic must not be empty");
        }
        if (partition != null && partition < 0) {
            throw wrong("-p: the partition must not be negative: " + partition);
        }
        String text = separator;
        if (text == null) {
            return new RecordFormat(topic, partition, new byte[0]);
        }
        byte[] bytes = text.replace("\\t", "\t").getBytes(UTF_8);
        if (bytes.length == 0) {
            throw wrong("-k: the separator must not be empty; leave -k out for lines without keys");
        }
        return new RecordFormat(topic, partition, bytes);
    }

    private ProducerConfig config() {
        Map<String, String> all = new HashMap<>(properties);
        putOnce(all, "bootstrap.servers", brokers, "-b");
        if (acks != null) {
            putOnce(all, "acks", acks, "--acks");
        }
        // A pipe that is full waits; it gives up no earlier than its records do.
        all.putIfAbsent("max.block.ms", all.getOrDefault("delivery.timeout.ms", DEFAULT_DELIVERY_TIMEOUT_MILLIS));
        try {
            ProducerSettings<byte[], byte[]> settings =
                    KafkaPropertyNames.read(all, Serializers.bytes(), Serializers.bytes());
            return settings.config();
        } catch (ConfigException refusal) {
            throw wrong(String.valueOf(refusal.getMessage()));
        }
    }

    private void putOnce(Map<String, String> all, String name, String value, String option) {
        if (all.put(name, value) != null) {
            throw wrong(option + " and -X " + name + " say the same thing; give one of them");
        }
    }

    private ParameterException wrong(String message) {
        CommandSpec filledByPicocli = spec;
        if (filledByPicocli == null) {
            throw new IllegalStateException("run by CommandLine only");
        }
        return new ParameterException(filledByPicocli.commandLine(), message);
    }
}
