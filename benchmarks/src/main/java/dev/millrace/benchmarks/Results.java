package dev.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The raw lines of a kind of run. */
public final class Results {

    private Results() {}

    /** Prints a line of JSON and, if a directory is named, appends it to the file there. */
    @SuppressWarnings("SystemOut") // a command-line program
    public static void add(String directory, String file, String line) throws IOException {
        System.out.println(line);
        if (!directory.isEmpty()) {
            Path results = Files.createDirectories(Path.of(directory)).resolve(file);
            Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
