package dev.millrace.samples.quickstart.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.ErrorResponseException;

class OrderStreamsTest {
    private final OrderStreams streams = new OrderStreams();

    @AfterEach
    void close() {
        streams.destroy();
    }

    @Test
    void refusesMoreClientsThanItHasThreadsFor() {
        for (int i = 0; i < OrderStreams.MAX_CLIENTS; i++) {
            streams.open();
        }

        assertThatExceptionOfType(ErrorResponseException.class)
                .isThrownBy(streams::open)
                .satisfies(
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(503));
    }

    @Test
    void publishesToNobody() {
        assertThatNoException().isThrownBy(() -> streams.publish(StreamClientTest.EVENT));
    }
}
