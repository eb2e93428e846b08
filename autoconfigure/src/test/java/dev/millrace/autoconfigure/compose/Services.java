package dev.millrace.autoconfigure.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Services of a Docker Compose file, as Boot reads them from Docker. */
final class Services {

    private Services() {}

    /** Of an image, with ports of the host by those of the container. */
    static RunningService service(String image, Map<Integer, Integer> ports) {
        return service(image, ports, Map.of(), Map.of());
    }

    static RunningService service(
            String image, Map<Integer, Integer> ports, Map<String, @Nullable String> env, Map<String, String> labels) {
        return new Service(ImageReference.of(image), new Ports(ports), env, labels);
    }

    /** Makes beans of services with the listener of Boot's that does, found as an application finds it. */
    @SuppressWarnings("unchecked")
    static void register(ApplicationContext context, RunningService... services) {
        List<ApplicationListener<DockerComposeServicesReadyEvent>> listeners =
                SpringFactoriesLoader.forDefaultResourceLocation().load(ApplicationListener.class).stream()
                        .filter(listener -> listener.getClass()
                                .getSimpleName()
                                .equals("DockerComposeServiceConnectionsApplicationListener"))
                        .map(listener -> (ApplicationListener<DockerComposeServicesReadyEvent>) listener)
                        .toList();
        assertThat(listeners).hasSize(1);
        listeners.get(0).onApplicationEvent(ready(context, services));
    }

    /** What Boot publishes once the services of the file run. */
    private static DockerComposeServicesReadyEvent ready(ApplicationContext context, RunningService... services) {
        try {
            Constructor<DockerComposeServicesReadyEvent> constructor =
                    DockerComposeServicesReadyEvent.class.getDeclaredConstructor(ApplicationContext.class, List.class);
            constructor.setAccessible(true);
            return constructor.newInstance(context, List.of(services));
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("Boot's event has changed", changed);
        }
    }

    private record Service(
            ImageReference image, ConnectionPorts ports, Map<String, @Nullable String> env, Map<String, String> labels)
            implements RunningService {

        @Override
        public String name() {
            return "broker";
        }

        @Override
        public String host() {
            return "127.0.0.1";
        }
    }

    private record Ports(Map<Integer, Integer> mapped) implements ConnectionPorts {

        @Override
        public int get(int containerPort) {
            if (!mapped.containsKey(containerPort)) {
                throw new IllegalStateException("No host port mapping found for container port " + containerPort);
            }
            return Objects.requireNonNull(mapped.get(containerPort));
        }

        @Override
        public List<Integer> getAll() {
            return mapped.values().stream().sorted().toList();
        }

        @Override
        public List<Integer> getAll(@Nullable String protocol) {
            return getAll();
        }
    }
}
