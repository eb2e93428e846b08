package dev.millrace.producer.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Tags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A test method and its tags.
 *
 * @param name {@code Class#method}, the class without its package
 * @param tags of the method
 */
record TaggedTest(String name, Set<String> tags) {

    /** All tests that were compiled beside this class. */
    static List<TaggedTest> all() {
        List<TaggedTest> tests = new ArrayList<>();
        for (JavaClass each : classes()) {
            for (JavaMethod method : each.getMethods()) {
                if (isTest(method)) {
                    Set<String> tags = tagsOf(method);
                    tests.add(new TaggedTest(each.getSimpleName() + "#" + method.getName(), tags));
                }
            }
        }
        return tests;
    }

    /** The classes of all tests. */
    static JavaClasses classes() {
        return new ClassFileImporter().importPath(directory());
    }

    private static boolean isTest(JavaMethod method) {
        return method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class);
    }

    private static Set<String> tagsOf(JavaMethod method) {
        Set<String> tags = new TreeSet<>();
        method.tryGetAnnotationOfType(Tag.class).ifPresent(tag -> tags.add(tag.value()));
        method.tryGetAnnotationOfType(Tags.class).ifPresent(several -> {
            for (Tag tag : several.value()) {
                tags.add(tag.value());
            }
        });
        return tags;
    }

    private static Path directory() {
        try {
            return Path.of(TaggedTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no path to the engine's tests", e);
        }
    }
}
