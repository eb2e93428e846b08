package dev.millrace.devbroker;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The options of {@link Main}, applied to a builder.
 *
 * @param topics to create once the cluster runs
 * @param clients what clients need for each added listener
 */
record MainOptions(DevClusterBuilder cluster, int nodes, List<Topic> topics, List<ClientSettings> clients) {
    static final String USAGE =
            """
            usage: java -cp ... dev.millrace.devbroker.Main [option ...]
              --nodes N                 number of brokers, default 1
              --port PORT               port of the first broker, default any free port
              --topic NAME:PARTITIONS   create this topic; may be repeated
              --setting NAME=VALUE      a line of server.properties; may be repeated
              --directory PATH          keep the data here, default a temporary directory
              --security KIND           add a listener: tls, mtls, sasl or sasl-tls; may be repeated
              --user NAME:PASSWORD      who may log in there, default dev:dev; may be repeated
            Prints the bootstrap servers and the properties of a client of each added listener,
            and runs until it is interrupted.""";

    /** What clients of a listener need to know, once the cluster runs. */
    interface ClientSettings {
        Map<String, String> of(DevCluster cluster);
    }

    /** A topic to create. */
    record Topic(String name, int partitions) {}

    static MainOptions parse(String... args) {
        DevClusterBuilder cluster = DevCluster.builder();
        List<Topic> topics = new ArrayList<>();
        MainSecurity security = new MainSecurity();
        int nodes = 1;
        Deque<String> left = new ArrayDeque<>();
        for (String arg : args) {
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            left.addAll(equals < 0 ? List.of(arg) : List.of(arg.substring(0, equals), arg.substring(equals + 1)));
        }
        while (!left.isEmpty()) {
            String option = left.removeFirst();
            String value = left.pollFirst();
            if (value == null) {
                throw new IllegalArgumentException("unknown option, or one without its value: " + option);
            }
            switch (option) {
                case "--nodes" -> {
                    nodes = number(option, value);
                    cluster.nodes(nodes);
                }
                case "--port" -> cluster.basePort(number(option, value));
                case "--topic" -> topics.add(topic(value));
                case "--setting" -> {
                    List<String> parts = split(option, value, '=');
                    cluster.brokerSetting(parts.get(0), parts.get(1));
                }
                case "--directory" -> cluster.directory(Path.of(value));
                case "--security" -> security.addListener(value);
                case "--user" -> {
                    List<String> parts = split(option, value, ':');
                    security.addUser(parts.get(0), parts.get(1));
                }
                default -> throw new IllegalArgumentException("unknown option: " + option);
            }
        }
        return new MainOptions(cluster, nodes, topics, security.applyTo(cluster));
    }

    private static Topic topic(String value) {
        List<String> parts = split("--topic", value, ':');
        return new Topic(parts.get(0), number("--topic", parts.get(1)));
    }

    private static List<String> split(String option, String value, char separator) {
        int at = value.indexOf(separator);
        if (at <= 0 || at == value.length() - 1) {
            throw new IllegalArgumentException(
                    option + " " + value + ": a '" + separator + "' between two parts is missing");
        }
        return List.of(value.substring(0, at), value.substring(at + 1));
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " " + value + ": not a number", e);
        }
    }
}
