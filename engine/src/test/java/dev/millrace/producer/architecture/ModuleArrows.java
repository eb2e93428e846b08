package dev.millrace.producer.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Which Maven module may depend on which, read from the POMs; scope test is free unless it says otherwise here. */
final class ModuleArrows {

    private static final String OURS = "dev.millrace";
    private static final String KAFKA = "org.apache.kafka";

    /** Modules by their directory, each with those of ours it may depend on outside its tests. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "dev-broker", Set.of(),
            "engine", Set.of(),
            "testkit", Set.of("millrace-engine"),
            "spring", Set.of("millrace-engine"),
            "autoconfigure", Set.of("millrace-spring", "millrace-dev-broker"),
            "testkit/spring", Set.of("millrace-testkit", "millrace-spring-boot-autoconfigure"),
            "starter", Set.of("millrace-spring-boot-autoconfigure"),
            "samples", Set.of("millrace-spring-boot-starter", "millrace-engine", "millrace-dev-broker"),
            "benchmarks", Set.of("millrace-engine", "millrace-spring", "millrace-dev-broker"));

    /** What brings Kafka's client by another name. */
    private static final Set<String> BRINGS_KAFKA =
            Set.of("spring-kafka", "spring-boot-kafka", "spring-boot-starter-kafka");

    private static final Set<String> MAY_USE_KAFKA = Set.of("dev-broker", "benchmarks", "samples");
    private static final Set<String> OPTIONAL_FOR_AUTOCONFIGURE = Set.of("millrace-dev-broker");

    /** One dependency as a POM declares it. */
    record Dependency(String groupId, String artifactId, String scope, boolean optional) {
        boolean isTest() {
            return scope.equals("test");
        }
    }

    /** A POM: the directory of its module as its row has it, and what it depends on. */
    record Module(String name, List<Dependency> dependencies) {}

    private ModuleArrows() {}

    /** What the modules depend on and must not. */
    static List<String> violations(List<Module> modules) {
        List<String> violations = new ArrayList<>();
        for (Module module : modules) {
            for (Dependency dependency : module.dependencies()) {
                if (!isAllowed(module.name(), dependency)) {
                    violations.add(module.name() + " -> " + dependency.artifactId());
                }
            }
        }
        return violations;
    }

    /** Files of a module that has a POM and nothing else. */
    static List<Path> sources(Path module) throws IOException {
        if (!Files.exists(module.resolve("src"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Reads the POMs of a repository; the parent's own dependencies, if any, count for each module. */
    static List<Module> read(Path repository) throws IOException {
        List<Path> poms;
        try (Stream<Path> files = Files.walk(repository, 4)) {
            poms = files.filter(file -> file.endsWith("pom.xml"))
                    .filter(file -> !repository.relativize(file).toString().contains("target"))
                    .sorted()
                    .toList();
        }
        List<Module> modules = new ArrayList<>();
        for (Path pom : poms) {
            Path below = repository.relativize(pom);
            if (below.getNameCount() > 1) {
                try (InputStream in = Files.newInputStream(pom)) {
                    modules.add(new Module(name(below), dependencies(in)));
                }
            }
        }
        return modules;
    }

    /** That of the row for the directory of a POM; what is deeper and has none has that of the directory it is in. */
    private static String name(Path pom) {
        String path =
                pom.toString().replace(pom.getFileSystem().getSeparator(), "/").replace("/pom.xml", "");
        return ALLOWED.containsKey(path) ? path : pom.getName(0).toString();
    }

    /** The dependencies of one POM, not those it only manages. */
    static List<Dependency> dependencies(InputStream pom) throws IOException {
        Document document;
        try {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException("unreadable POM", e);
        }
        List<Dependency> found = new ArrayList<>();
        NodeList all = document.getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Element dependency = (Element) all.item(i);
            Node parent = dependency.getParentNode().getParentNode();
            if (!parent.getNodeName().equals("dependencyManagement")
                    && !parent.getNodeName().equals("plugin")) {
                found.add(new Dependency(
                        text(dependency, "groupId"),
                        text(dependency, "artifactId"),
                        text(dependency, "scope"),
                        text(dependency, "optional").equals("true")));
            }
        }
        return found;
    }

    private static boolean isAllowed(String module, Dependency dependency) {
        if (dependency.groupId().equals(KAFKA) || BRINGS_KAFKA.contains(dependency.artifactId())) {
            return dependency.isTest() || MAY_USE_KAFKA.contains(module);
        }
        if (!dependency.groupId().equals(OURS)) {
            return true;
        }
        if (dependency.isTest()) {
            return !module.equals("dev-broker") && isForTests(dependency.artifactId());
        }
        boolean mustBeOptional =
                module.equals("autoconfigure") && OPTIONAL_FOR_AUTOCONFIGURE.contains(dependency.artifactId());
        return ALLOWED.getOrDefault(module, Set.of()).contains(dependency.artifactId())
                && (dependency.optional() || !mustBeOptional);
    }

    /** Nobody tests with benchmarks or samples. */
    private static boolean isForTests(String artifactId) {
        return !artifactId.contains("benchmark") && !artifactId.contains("sample");
    }

    private static String text(Element dependency, String name) {
        NodeList values = dependency.getElementsByTagName(name);
        return values.getLength() == 0 ? "" : values.item(0).getTextContent().trim();
    }
}
