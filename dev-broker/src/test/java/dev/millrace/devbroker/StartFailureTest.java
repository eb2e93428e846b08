package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFailureTest {
    @Test
    void namesNodeExitCodeRemedyAndTheEndOfTheLog() {
        StartFailure failure =
                StartFailure.ended(2, 1, List.of("broker failed: java.lang.OutOfMemoryError: Java heap"));

        assertThat(failure.toException())
                .hasMessageContaining("node=2 exit code=1")
                .hasMessageContaining("heap(megabytes)")
                .hasMessageContaining("java.lang.OutOfMemoryError");
    }

    @Test
    void knowsALostPort() {
        assertThat(StartFailure.ended(1, 1, List.of("Socket server failed to bind to 127.0.0.1:20000"))
                        .isBindConflict())
                .isTrue();
        assertThat(StartFailure.ended(1, 1, List.of("something else")).isBindConflict())
                .isFalse();
    }

    @Test
    void saysHowLongASilentNodeWasWaitedFor() {
        assertThat(StartFailure.silent(1, Duration.ofSeconds(60), List.of()).toException())
                .hasMessageContaining("not ready after 60 s")
                .hasMessageContaining("startTimeout");
    }

    @Test
    void showsTheLastLinesOfALog(@TempDir Path directory) throws Exception {
        Path log = Files.write(directory.resolve("log"), List.of("one", "two", "three"));

        assertThat(LogTail.read(log, 2)).containsExactly("two", "three");
        assertThat(LogTail.read(directory.resolve("none"), 2))
                .singleElement()
                .asString()
                .contains("cannot be read");
    }
}
