package dev.millrace.devbroker;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The class path of a broker's JVM: the jars of this JVM that Kafka needs, and no others.
 *
 * <p>An application's own jars (another logging provider, its {@code log4j2.xml}, a metrics agent) must not reach the
 * broker, so jars are chosen by artifact id from {@code broker-artifacts.txt}. The version is whatever the application's
 * build chose.
 */
final class KafkaClassPath {
    private static final Pattern JAR_NAME = Pattern.compile("(?<artifact>.+?)-(?<version>\\d.*)\\.jar");
    private static final String KAFKA = "kafka";
    private static final String BROKER = "kafka_2.13";

    private KafkaClassPath() {}

    /** Finds the class path of the broker, or says why this JVM has none. */
    static List<Path> find() {
        Set<String> wanted = artifactIds();
        Map<String, Path> jars = choose(fromSystemProperties(), wanted);
        if (!jars.containsKey(BROKER)) {
            // A manifest-only jar, Spring Boot's development tools, an application server: ask the class loader.
            jars = choose(fromClassLoader(KafkaClassPath.class.getClassLoader()), wanted);
        }
        if (!jars.containsKey(BROKER)) {
            throw new DevClusterException("no broker on the class path: " + BROKER + "-<version>.jar is missing; "
                    + "it comes with millrace-dev-broker, so look for an exclusion of org.apache.kafka in the build");
        }
        requireOneVersion(jars);
        List<Path> classPath = new ArrayList<>();
        classPath.add(ofThisModule());
        classPath.addAll(jars.values());
        return classPath;
    }

    /** Where the classes of this module are. */
    static Path ofThisModule() {
        return location(KafkaClassPath.class);
    }

    /** The artifacts a broker needs, as the build saw them. */
    static Set<String> artifactIds() {
        InputStream list = KafkaClassPath.class.getResourceAsStream("broker-artifacts.txt");
        if (list == null) {
            throw new DevClusterException("millrace-dev-broker is incomplete: broker-artifacts.txt is missing from "
                    + location(KafkaClassPath.class) + "; add resources when you repackage it");
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (IOException e) {
            throw new DevClusterException("broker-artifacts.txt cannot be read", e);
        }
    }

    /**
     * The first jar of each wanted artifact, by artifact id. Of what is not Kafka's it is the first of each major version,
     * which then is a part of the key: Jackson 2, which brokers need, and Jackson 3 have the same artifact ids.
     */
    static Map<String, Path> choose(Collection<Path> entries, Set<String> wanted) {
        Map<String, Path> chosen = new LinkedHashMap<>();
        for (Path entry : entries) {
            String artifact = artifactOf(entry);
            if (artifact != null && wanted.contains(artifact)) {
                String key = artifact.startsWith(KAFKA) ? artifact : artifact + '-' + majorOf(entry);
                chosen.putIfAbsent(key, entry);
            }
        }
        return chosen;
    }

    private static String majorOf(Path entry) {
        Matcher name = JAR_NAME.matcher(entry.getFileName().toString());
        return name.matches() ? name.group("version").split("\\.", 2)[0] : "";
    }

    /** The artifact id in a jar's file name, or {@code null} if it does not follow the convention. */
    static @Nullable String artifactOf(Path entry) {
        Matcher name = JAR_NAME.matcher(
                entry.getFileName() == null ? "" : entry.getFileName().toString());
        return name.matches() ? name.group("artifact") : null;
    }

    /** Kafka's parts are built for each other; a mix fails with linkage errors that name neither cause nor remedy. */
    static void requireOneVersion(Map<String, Path> jars) {
        Map<String, List<String>> artifactsByVersion = new TreeMap<>();
        jars.forEach((artifact, jar) -> {
            Matcher name = JAR_NAME.matcher(jar.getFileName().toString());
            if (artifact.startsWith(KAFKA) && name.matches()) {
                artifactsByVersion
                        .computeIfAbsent(name.group("version"), version -> new ArrayList<>())
                        .add(artifact);
            }
        });
        if (artifactsByVersion.size() > 1) {
            throw new DevClusterException("Kafka's artifacts have different versions: " + artifactsByVersion
                    + "; give all of org.apache.kafka one version in the build (with Spring Boot: the property"
                    + " kafka.version)");
        }
    }

    /** Resource addresses of jars to files; entries of a Spring Boot executable jar have none. */
    static List<Path> filesOf(Collection<URL> manifests) {
        List<Path> files = new ArrayList<>();
        for (URL manifest : manifests) {
            String address = manifest.toString();
            if (address.startsWith("jar:nested:") || address.contains("!/BOOT-INF/")) {
                throw new DevClusterException("the development broker cannot run from an executable jar (" + address
                        + "): it is for runs from an IDE, Maven or Gradle; set app.producer.bootstrap-servers to a"
                        + " running cluster, and keep millrace-dev-broker out of the packaged application"
                        + " (<optional>true</optional> or developmentOnly)");
            }
            if (address.startsWith("jar:file:")) {
                String file = address.substring("jar:".length(), address.indexOf("!/"));
                files.add(Path.of(URI.create(file)));
            }
        }
        return files;
    }

    private static List<Path> fromSystemProperties() {
        return Stream.of("java.class.path", "surefire.test.class.path", "jdk.module.path")
                .map(property -> System.getProperty(property, ""))
                .flatMap(path -> Arrays.stream(path.split(File.pathSeparator, -1)))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }

    private static List<Path> fromClassLoader(@Nullable ClassLoader loader) {
        if (loader == null) {
            return List.of();
        }
        try {
            return filesOf(Collections.list(loader.getResources("META-INF/MANIFEST.MF")));
        } catch (IOException e) {
            throw new DevClusterException("the class path cannot be listed through " + loader, e);
        }
    }

    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException | RuntimeException e) {
            throw new DevClusterException("the place of " + type.getName() + " is not a file", e);
        }
    }
}
