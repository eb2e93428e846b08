package dev.millrace.samples.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(240)
class TryItIT {

    @Test
    void everyOrderEndsAsItShouldWithH2(CapturedOutput output) {
        int exitCode = TransactionsApplication.tryIt();

        assertThat(exitCode).as(output.getAll()).isZero();
        assertAllEndings(output);
    }

    @Test
    void everyOrderEndsAsItShouldWithPostgres(CapturedOutput output) throws IOException {
        requirePostgres();

        int exitCode = TransactionsApplication.tryIt("--spring.profiles.active=postgres");

        assertThat(exitCode).as(output.getAll()).isZero();
        assertAllEndings(output);
    }

    private static void assertAllEndings(CapturedOutput output) {
        assertThat(output)
                .contains("No difference: every order ended as it should.")
                .contains("success: placed: order 1")
                .contains("business failure: refused: grace has not paid the last order")
                .contains("broker down: not placed: ")
                .containsPattern("broker down between commits: stored, but not published: .*shop-0");
    }

    /** The server refuses root; it gets a user namespace, unless the machine forbids that. */
    private static void requirePostgres() throws IOException {
        try {
            EmbeddedPostgres.start().close();
        } catch (IOException | RuntimeException e) {
            if (Boolean.parseBoolean(System.getenv("CI"))) {
                throw e;
            }
            Assumptions.abort("PostgreSQL cannot run here, the test with H2 does: " + e);
        }
    }
}
