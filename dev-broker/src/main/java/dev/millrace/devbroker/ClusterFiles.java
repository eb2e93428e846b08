package dev.millrace.devbroker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a cluster: {@code cluster.id}, and per node {@code node-1/} with {@code server.properties},
 * {@code broker.log} and {@code data/}; {@code stores/} with the certificates of secured listeners; for old releases also {@code zookeeper/} with {@code zoo.cfg}.
 */
final class ClusterFiles {
    private final Path root;
    private final boolean temporary;

    private ClusterFiles(Path root, boolean temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    /** In the given directory, which is kept, or in a new temporary one, which is not. */
    static ClusterFiles in(@Nullable Path directory) {
        try {
            if (directory == null) {
                return new ClusterFiles(Files.createTempDirectory("millrace-dev-broker-"), true);
            }
            return new ClusterFiles(Files.createDirectories(directory.toAbsolutePath()), false);
        } catch (IOException e) {
            throw new DevClusterException(
                    "no directory for the broker's data: " + (directory == null ? "temporary" : directory)
                            + "; choose a writable one with directory(path)",
                    e);
        }
    }

    boolean areTemporary() {
        return temporary;
    }

    Path node(int id) {
        return root.resolve("node-" + id);
    }

    Path data(int id) {
        return node(id).resolve("data");
    }

    /** A new file for a store; brokers read a store again when its name changes. */
    Path newStore(String name) {
        Path directory = root.resolve("stores");
        try {
            Files.createDirectories(directory);
            return directory.resolve(name + "-" + UUID.randomUUID() + ".p12");
        } catch (IOException e) {
            throw new DevClusterException("no directory for the stores of certificates: " + directory, e);
        }
    }

    Path zooKeeper() {
        return root.resolve("zookeeper");
    }

    Path zooKeeperConfig() {
        return zooKeeper().resolve("zoo.cfg");
    }

    /** The id of the cluster, the same for as long as the directory lives. */
    String clusterId() {
        Path file = root.resolve("cluster.id");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, newClusterId());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new DevClusterException("cluster id cannot be kept in " + file, e);
        }
    }

    void writeServerProperties(int id, Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        try {
            Files.createDirectories(data(id));
        } catch (IOException e) {
            throw new DevClusterException("no directory for the data of node " + id + ": " + data(id), e);
        }
        write(properties, serverProperties(id));
    }

    Path serverProperties(int id) {
        return node(id).resolve("server.properties");
    }

    void writeZooKeeperConfig(Properties properties) {
        write(properties, zooKeeperConfig());
    }

    void deleteIfTemporary() {
        if (!temporary || !Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new DevClusterException("temporary directory cannot be deleted: " + root + "; delete it by hand", e);
        }
    }

    private static void write(Properties properties, Path file) {
        try {
            Files.createDirectories(file.getParent());
            // To a stream, which escapes what is not ASCII: old releases read it as ISO 8859-1.
            try (OutputStream out = Files.newOutputStream(file)) {
                properties.store(out, null);
            }
        } catch (IOException e) {
            throw new DevClusterException("configuration cannot be written: " + file, e);
        }
    }

    /** A random UUID as Kafka prints it; not starting with a dash, which its tools take for an option. */
    private static String newClusterId() {
        String id;
        do {
            UUID uuid = UUID.randomUUID();
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
            id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        } while (id.startsWith("-"));
        return id;
    }
}
