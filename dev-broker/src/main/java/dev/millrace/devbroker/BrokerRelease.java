package dev.millrace.devbroker;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The release of Kafka a cluster runs: its jars, and what its age asks of the way it is started. From 3.9 on that is
 * KRaft; before, when KRaft was a preview or absent, the cluster keeps its state in ZooKeeper.
 */
final class BrokerRelease {
    /** System property with the default of {@link DevClusterBuilder#classPathFile}; {@value}. */
    static final String CLASS_PATH_PROPERTY = "millrace.devbroker.class-path";

    private static final Pattern BROKER_JAR = Pattern.compile("kafka_2\\.1[23]-(\\d+)\\.(\\d+)\\.(\\d\\S*)\\.jar");

    private final int major;
    private final int minor;
    private final String version;
    private final List<Path> classPath;

    private BrokerRelease(Matcher brokerJar, List<Path> classPath) {
        this.major = Integer.parseInt(brokerJar.group(1));
        this.minor = Integer.parseInt(brokerJar.group(2));
        this.version = major + "." + minor + "." + brokerJar.group(3);
        this.classPath = List.copyOf(classPath);
    }

    /** The release whose class path the file holds; without a file the one on this JVM's class path. */
    static BrokerRelease of(@Nullable Path classPathFile) {
        return classPathFile == null ? among(KafkaClassPath.find()) : among(read(classPathFile));
    }

    /** The file that the system property names, or {@code null}. */
    static @Nullable Path chosenByProperty() {
        String file = System.getProperty(CLASS_PATH_PROPERTY, "");
        return file.isEmpty() ? null : Path.of(file);
    }

    static BrokerRelease among(List<Path> classPath) {
        for (Path entry : classPath) {
            Matcher name = BROKER_JAR.matcher(String.valueOf(entry.getFileName()));
            if (name.matches()) {
                return new BrokerRelease(name, classPath);
            }
        }
        throw new DevClusterException("no broker on the class path: kafka_2.13-<version>.jar is missing: " + classPath);
    }

    /** For example {@code 3.9.2}. */
    String version() {
        return version;
    }

    /** The jars of the broker and the classes that run it. */
    List<Path> classPath() {
        return classPath;
    }

    /** Whether the cluster needs a ZooKeeper beside its nodes. */
    boolean needsZooKeeper() {
        return major < 3 || (major == 3 && minor < 9);
    }

    /** The class that judges ACLs. */
    String authorizer() {
        if (!needsZooKeeper()) {
            return "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
        }
        return isAtLeast(2, 4) ? "kafka.security.authorizer.AclAuthorizer" : "kafka.security.auth.SimpleAclAuthorizer";
    }

    /** The class that verifies signed tokens with keys from an address (KIP-768). */
    String tokenValidator() {
        if (!isAtLeast(3, 1)) {
            throw new DevClusterException(
                    "release " + version + " cannot verify signed tokens; it needs 3.1 or later, or a"
                            + " listener without a token server, which accepts unsigned tokens");
        }
        String place = isAtLeast(4, 0) ? "" : "secured.";
        return "org.apache.kafka.common.security.oauthbearer." + place + "OAuthBearerValidatorCallbackHandler";
    }

    /** Refuses what needs users of SCRAM that are kept by the brokers' own API (KIP-554). */
    void requireScramApi() {
        if (!isAtLeast(2, 7)) {
            throw new DevClusterException(
                    "release " + version + " has no API for the users of SCRAM; it needs 2.7 or later");
        }
    }

    private boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    /**
     * The configuration of that ZooKeeper. A tick is the unit of its time-outs: sessions last 2 to 20 of them, so this is
     * what lets brokers have short ones.
     */
    static Properties zooKeeperProperties(Path dataDirectory, String address) {
        Properties properties = new Properties();
        properties.setProperty("dataDir", dataDirectory.toString());
        properties.setProperty("clientPort", address.substring(address.lastIndexOf(':') + 1));
        properties.setProperty("clientPortAddress", address.substring(0, address.lastIndexOf(':')));
        properties.setProperty("tickTime", "500");
        properties.setProperty("maxClientCnxns", "0");
        properties.setProperty("admin.enableServer", "false");
        return properties;
    }

    private static List<Path> read(Path file) {
        try {
            List<Path> entries = new ArrayList<>();
            entries.add(KafkaClassPath.ofThisModule());
            for (String entry : Files.readString(file).strip().split(File.pathSeparator, -1)) {
                entries.add(Path.of(entry));
            }
            return entries;
        } catch (IOException e) {
            throw new DevClusterException(
                    "the class path of the broker cannot be read from " + file
                            + "; it is written by dev-broker/release/pom.xml, see CONTRIBUTING.md",
                    e);
        }
    }
}
