package dev.millrace.producer.internal.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FuzzCorpusTest {

    @ParameterizedTest
    @EnumSource
    void standsEveryInputThatWasKept(FuzzTarget target) throws IOException {
        List<byte[]> inputs = new FuzzCorpus(FuzzCorpus.DIRECTORY, target).inputs();

        assertThat(inputs).isNotEmpty();
        for (byte[] input : inputs) {
            assertThatCode(() -> target.attempt(input))
                    .as(() -> HexFormat.of().formatHex(input))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void standsNothing(FuzzTarget target) {
        target.attempt(new byte[0]);
        target.attempt(new byte[1]);
    }

    @Test
    void keepsInputs(@TempDir Path directory) throws IOException {
        FuzzCorpus corpus = new FuzzCorpus(directory, FuzzTarget.RESPONSE);
        assertThat(corpus.inputs()).isEmpty();

        corpus.replace(List.of(new byte[] {2}, new byte[0], new byte[] {1, -1}));

        assertThat(new FuzzCorpus(directory, FuzzTarget.RESPONSE).inputs())
                .containsExactly(new byte[0], new byte[] {1, -1}, new byte[] {2});
    }
}
