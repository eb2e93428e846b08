package dev.millrace.producer.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.millrace.producer.Producers;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the rules look at: the engine's compiled classes without its tests, planted classes, the repository's files. */
final class EngineClasses {

    /** The engine without its tests. */
    static final JavaClasses REAL = new ClassFileImporter().importPath(directory());

    private EngineClasses() {}

    /** Where the engine was compiled to. */
    static Path directory() {
        try {
            return Path.of(Producers.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path to the engine's classes", e);
        }
    }

    /** Classes made to break a rule, and nothing else. */
    static JavaClasses planted(Class<?>... classes) {
        return new ClassFileImporter().importClasses(classes);
    }

    /** The top of the repository. */
    static Path repository() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = at.getParent();
            if (at == null) {
                throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
            }
        }
        return at;
    }
}
