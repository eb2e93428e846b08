package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads and checks the addresses where a cluster is first looked for. */
final class BootstrapServers {

    private static final Pattern COMMA = Pattern.compile(",");

    private BootstrapServers() {}

    /** The entries without blanks around them; an entry with commas counts as several, an empty one does not count. */
    static List<String> split(List<String> entries) {
        return entries.stream()
                .flatMap(COMMA::splitAsStream)
                .map(String::trim)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** One for each bad entry, or one if there is no entry. */
    static List<Violation> violations(List<String> entries) {
        if (entries.isEmpty()) {
            String reason = "at least one broker is needed; write host:port, several with commas";
            return List.of(new Violation(Setting.BOOTSTRAP_SERVERS.toString(), "", reason));
        }
        List<Violation> found = new ArrayList<>();
        for (String entry : entries) {
            try {
                HostAndPort.parse(entry);
            } catch (IllegalArgumentException cause) {
                String reason = String.valueOf(cause.getMessage());
                found.add(new Violation(Setting.BOOTSTRAP_SERVERS.toString(), String.join(",", entries), reason));
            }
        }
        return found;
    }

    /** The addresses in their order, each once. The entries have been checked. */
    static List<HostAndPort> parse(List<String> entries) {
        return entries.stream().map(HostAndPort::parse).distinct().toList();
    }
}
