package dev.millrace.producer.internal.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Inputs in files, one on each line, in hexadecimal; lines that begin with # are for the reader.
 *
 * <p>Each target has two: {@code .corpus}, written by the fuzzer, of which each input reaches something the others do not,
 * and {@code .findings}, written by hand, of inputs that have once broken something.
 */
final class FuzzCorpus {

    /** Relative to the module. */
    static final Path DIRECTORY = Path.of("src", "test", "resources", "fuzz");

    private final Path corpus;
    private final Path findings;

    FuzzCorpus(Path directory, FuzzTarget target) {
        corpus = directory.resolve(target.fileName() + ".corpus");
        findings = directory.resolve(target.fileName() + ".findings");
    }

    /** All inputs. */
    List<byte[]> inputs() throws IOException {
        return Stream.concat(read(corpus).stream(), read(findings).stream()).toList();
    }

    /** Replaces what a fuzzer has written before. */
    void replace(Collection<byte[]> inputs) throws IOException {
        Files.write(
                corpus, inputs.stream().map(HexFormat.of()::formatHex).sorted().toList());
    }

    private static List<byte[]> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .map(HexFormat.of()::parseHex)
                .toList();
    }
}
