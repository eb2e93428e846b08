package dev.millrace.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(180)
class TryItIT {
    @Test
    void findsEveryOrderOnceAndInOrder(CapturedOutput output) {
        int exitCode = QuickstartApplication.tryIt("--orders=301");

        assertThat(exitCode).isZero();
        assertThat(output)
                .contains("No difference: every order was read back once, in order, where it was acknowledged.")
                .containsPattern("fire and forget +100 +100 +0 ")
                .containsPattern("synchronous +100 +100 +0 ")
                .containsPattern("asynchronous +101 +101 +0 ")
                .containsPattern("all +301 +301 +301 +0 +0 +0 +0");
    }

    @Test
    void losesNothingWhenANodeIsKilled(CapturedOutput output) {
        int exitCode = QuickstartApplication.tryIt("--nodes=3", "--kill=true", "--seconds=6");

        assertThat(exitCode).isZero();
        assertThat(output)
                .contains("No difference")
                .containsPattern("node \\d killed")
                .containsPattern("node \\d serves again");
    }
}
