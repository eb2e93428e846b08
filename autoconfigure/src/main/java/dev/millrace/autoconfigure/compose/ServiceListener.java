package dev.millrace.autoconfigure.compose;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.util.StringUtils;

/**
 * The listener of a service that can be reached from outside of its network, as {@code host:port} with the port of the host.
 *
 * <p>A broker tells its clients where to connect to, so a port that is open is not enough: if the service's environment says
 * what it advertises ({@code KAFKA_ADVERTISED_LISTENERS}), the listener is one whose advertised port is a port of the host,
 * and rather one that is advertised for this machine. Otherwise it is behind the first of the usual ports that is mapped.
 *
 * @param protocol of Kafka, as the environment says; PLAINTEXT if it says nothing
 */
record ServiceListener(String address, String protocol) {

    private static final String PLAINTEXT = "PLAINTEXT";
    private static final Set<String> PROTOCOLS = Set.of(PLAINTEXT, "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]", "0.0.0.0");

    /** Kafka's and Redpanda's, then those their own examples show clients outside. */
    private static final List<Integer> USUAL_PORTS = List.of(9092, 19092, 29092, 9094);

    /**
     * Chooses one.
     *
     * @throws IllegalStateException if none of the ports that could be meant is mapped
     */
    static ServiceListener of(RunningService service) {
        Map<String, String> advertised = entries(setting(service, "ADVERTISED_LISTENERS"), "://");
        List<Integer> open = service.ports().getAll("tcp");
        return Stream.concat(
                        advertised.entrySet().stream().filter(each -> isFor(service.host(), each.getValue())),
                        advertised.entrySet().stream())
                .filter(each -> open.contains(portOf(each.getValue())))
                .findFirst()
                .map(each -> new ServiceListener(
                        service.host() + ":" + portOf(each.getValue()), protocolOf(each.getKey(), service)))
                .orElseGet(() -> new ServiceListener(service.host() + ":" + usualPort(service), PLAINTEXT));
    }

    private static boolean isFor(String host, String address) {
        String advertised = address.substring(0, Math.max(address.lastIndexOf(':'), 0));
        return advertised.equals(host) || THIS_MACHINE.contains(advertised);
    }

    /** -1 if there is none. */
    private static int portOf(String address) {
        String port = address.substring(address.lastIndexOf(':') + 1);
        return port.matches("\\d{1,5}") ? Integer.parseInt(port) : -1;
    }

    private static String protocolOf(String name, RunningService service) {
        String mapped =
                entries(setting(service, "LISTENER_SECURITY_PROTOCOL_MAP"), ":").getOrDefault(name, name);
        return PROTOCOLS.contains(mapped) ? mapped : PLAINTEXT;
    }

    private static int usualPort(RunningService service) {
        return USUAL_PORTS.stream()
                .map(port -> hostPort(port, service.ports()))
                .filter(port -> port >= 0)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the service '" + service.name()
                        + "' of the Docker Compose file gives the producer no port to connect to: map one of "
                        + USUAL_PORTS
                        + " to the host, or let KAFKA_ADVERTISED_LISTENERS name a port that is mapped; mapped are "
                        + service.ports().getAll()
                        + ". The label org.springframework.boot.ignore leaves the service out"));
    }

    /** -1 if it is not mapped. */
    private static int hostPort(int containerPort, ConnectionPorts ports) {
        try {
            return ports.get(containerPort);
        } catch (IllegalStateException notMapped) {
            return -1; // Boot has no other way to ask
        }
    }

    /** As Kafka's own images name a setting, or Bitnami's. */
    private static @Nullable String setting(RunningService service, String name) {
        return Stream.of("KAFKA_" + name, "KAFKA_CFG_" + name)
                .map(service.env()::get)
                .filter(StringUtils::hasText)
                .findFirst()
                .orElse(null);
    }

    /** In their order. */
    private static Map<String, String> entries(@Nullable String text, String separator) {
        Map<String, String> entries = new LinkedHashMap<>();
        Arrays.stream(StringUtils.commaDelimitedListToStringArray(text)).forEach(entry -> {
            int at = entry.indexOf(separator);
            if (at > 0) {
                entries.put(
                        entry.substring(0, at).trim(),
                        entry.substring(at + separator.length()).trim());
            }
        });
        return entries;
    }
}
