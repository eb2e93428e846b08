package dev.millrace.benchmarks.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @Test
    void goesOnWhereItWasLeft(@TempDir Path directory) throws Exception {
        try (Journal journal = Journal.open(directory, 3)) {
            journal.write(Fate.BEGUN, journal.next());
            journal.write(Fate.UNKNOWN, 0);
            journal.write(Fate.COMMITTED, 0);
            journal.write(Fate.BEGUN, 1);
        }
        try (Journal journal = Journal.open(directory, 3)) {
            assertThat(journal.next()).isEqualTo(2);
            journal.write(Fate.BEGUN, 2);
        }

        assertThat(Journal.read(directory, 3)).isEqualTo(Map.of(0, Fate.COMMITTED, 1, Fate.BEGUN, 2, Fate.BEGUN));
    }
}
