package dev.millrace.samples.observability;

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
    void showsMetricsTracesHealthAndTheEndpoint(CapturedOutput output) {
        int exitCode = ObservabilityApplication.tryIt();

        assertThat(exitCode).as(output.getAll()).isZero();
        assertThat(output)
                .contains("Nothing is missing.")
                .contains("\"status\":\"UNKNOWN\"", "\"status\":\"UP\"")
                .containsPattern("kafka_producer_record_send_total\\{client_id=\"shop-producer\",.*\\} 100\\.0")
                .containsPattern("app_producer_stage_seconds_count\\{.*stage=\"in-flight\"")
                .contains("    send orders PRODUCER")
                .containsPattern("bottleneck: NONE")
                .containsPattern("app.producer.linger: \\{\"value\":\"5 ms\",\"origin\":\"default\"\\}");
    }
}
