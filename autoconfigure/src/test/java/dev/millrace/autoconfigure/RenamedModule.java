package dev.millrace.autoconfigure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurations;

/**
 * This module's classes once more, in a package that sorts behind {@code org.springframework}, while their own sorts before
 * it. The new name is as long as the old one, so that it can stand in its place in a class file.
 */
final class RenamedModule extends ClassLoader {

    private static final String OLD = "dev.millrace.autoconfigure";
    private static final String NEW = "zev.millrace.autoconfigure";

    RenamedModule() {
        super(RenamedModule.class.getClassLoader());
    }

    Class<?> copyOf(Class<?> type) {
        try {
            return loadClass(NEW + type.getName().substring(OLD.length()));
        } catch (ClassNotFoundException missing) {
            throw new IllegalArgumentException("not of this module: " + type, missing);
        }
    }

    /** In the order in which Boot would process them, who reads their class files for that. */
    AutoConfigurations sorted(List<Class<?>> autoConfigurations) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(this);
        try {
            return AutoConfigurations.of(autoConfigurations.toArray(Class<?>[]::new));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = bytesOf(name.replace('.', '/') + ".class");
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    /** For those who read annotations without loading the class. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        byte[] bytes = bytesOf(name);
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }

    private byte @Nullable [] bytesOf(String resource) {
        String newPath = NEW.replace('.', '/');
        if (!resource.startsWith(newPath)) {
            return null;
        }
        String oldPath = OLD.replace('.', '/');
        try (InputStream original = super.getResourceAsStream(oldPath + resource.substring(newPath.length()))) {
            return original == null
                    ? null
                    : new String(original.readAllBytes(), ISO_8859_1)
                            .replace(oldPath, newPath)
                            .replace(OLD, NEW)
                            .getBytes(ISO_8859_1);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
