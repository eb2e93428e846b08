package dev.millrace.benchmarks.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where a result comes from. */
final class Machine {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private final String processor = processor();
    private final String revision = revision();

    void describe(ObjectNode result) {
        result.put("processor", processor);
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("system", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
        result.put("jdk", System.getProperty("java.vendor") + ' ' + System.getProperty("java.runtime.version"));
        result.put("revision", revision);
    }

    private static String processor() {
        if (!Files.isReadable(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the sources, with a plus sign if they have changed since; unknown without git. */
    private static String revision() {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty=+", "--match=nothing")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String line = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? line : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
