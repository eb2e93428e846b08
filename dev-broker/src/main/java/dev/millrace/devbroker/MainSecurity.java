package dev.millrace.devbroker;

import dev.millrace.devbroker.security.DevCertificates;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The options of {@link Main} about security, collected until all users are known. */
final class MainSecurity {
    private static final String DEFAULT_USER = "dev";

    private final DevCertificates certificates = DevCertificates.create();
    private final Map<String, DevListener> listeners = new LinkedHashMap<>();
    private final Map<String, String> users = new LinkedHashMap<>();

    /** A listener named after its kind: {@code SASL_TLS}. */
    void addListener(String kind) {
        DevListener listener =
                switch (kind) {
                    case "tls" -> DevListener.tls(certificates.broker());
                    case "mtls" -> DevListener.tls(certificates.broker()).clientCertificates(certificates.authority());
                    case "sasl" -> DevListener.plaintext().sasl(DevMechanism.values());
                    case "sasl-tls" -> DevListener.tls(certificates.broker()).sasl(DevMechanism.values());
                    default ->
                        throw new IllegalArgumentException(
                                "--security " + kind + " is none of tls, mtls, sasl and sasl-tls");
                };
        listeners.put(kind.equals("sasl-tls") ? "SASL_TLS" : kind.toUpperCase(Locale.ROOT), listener);
    }

    void addUser(String name, String password) {
        users.put(name, password);
    }

    /** Adds listeners and users to the builder; returns what clients need, the users' with PLAIN. */
    List<MainOptions.ClientSettings> applyTo(DevClusterBuilder cluster) {
        if (users.isEmpty()) {
            users.put(DEFAULT_USER, DEFAULT_USER);
        }
        users.forEach(cluster::user);
        List<MainOptions.ClientSettings> clients = new ArrayList<>();
        listeners.forEach((name, listener) -> {
            cluster.listener(name, listener);
            clients.add(running -> settings(running.security(), name, listener));
        });
        return clients;
    }

    private Map<String, String> settings(DevSecurity security, String name, DevListener listener) {
        Map.Entry<String, String> user = users.entrySet().iterator().next();
        if (!listener.mechanisms().isEmpty()) {
            return security.clientSettings(name, DevMechanism.PLAIN, user.getKey(), user.getValue());
        }
        return listener.clientAuthorities().isEmpty()
                ? security.clientSettings(name)
                : security.clientSettings(name, certificates.client(user.getKey()));
    }
}
