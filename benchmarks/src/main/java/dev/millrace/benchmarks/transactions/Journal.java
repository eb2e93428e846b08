package dev.millrace.benchmarks.transactions;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker has learned about its transactions, a line for each event: {@code COMMITTED 17}. A line is one write and in
 * the hands of the operating system when the method returns, so that it survives the death of the process.
 */
final class Journal implements AutoCloseable {

    private final OutputStream lines;
    private final int next;

    private Journal(OutputStream lines, int next) {
        this.lines = lines;
        this.next = next;
    }

    /** The journal of a worker, which goes on where it was left. */
    static Journal open(Path directory, int worker) throws IOException {
        Path file = file(directory, worker);
        Map<Integer, Fate> fates = new TreeMap<>();
        if (Files.exists(file)) {
            fates.putAll(read(directory, worker));
        }
        return new Journal(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), fates.size());
    }

    /** The last fate of each transaction, by number. */
    static Map<Integer, Fate> read(Path directory, int worker) throws IOException {
        Map<Integer, Fate> fates = new TreeMap<>();
        for (String line : Files.readAllLines(file(directory, worker), US_ASCII)) {
            String[] words = line.split(" ", -1);
            fates.put(Integer.valueOf(words[1]), Fate.valueOf(words[0]));
        }
        return fates;
    }

    /** The number of the transaction that has not begun yet. */
    int next() {
        return next;
    }

    void write(Fate fate, int number) throws IOException {
        lines.write((fate + " " + number + "\n").getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private static Path file(Path directory, int worker) {
        return directory.resolve("worker-" + worker + ".journal");
    }
}
