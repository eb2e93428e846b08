package dev.millrace.samples.quickstart.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.spring.SendFailedException;
import org.junit.jupiter.api.Test;
import org.springframework.http.ProblemDetail;

class SendProblemTest {
    @Test
    void asksToOrderAgainWhenTheClusterIsToBlame() {
        ProblemDetail problem = SendProblem.of(failure(Recovery.RETRY, false));

        assertThat(problem.getStatus()).isEqualTo(503);
        assertThat(problem.getDetail()).contains("the reason");
        assertThat(problem.getProperties())
                .containsEntry("cause", "NOT_ENOUGH_REPLICAS")
                .containsEntry("stage", "QUEUE")
                .containsEntry("mayHaveBeenPlaced", false)
                .containsEntry("hint", "Order again in a few seconds");
    }

    @Test
    void warnsOfAnOrderThatMayHaveBeenPlaced() {
        ProblemDetail problem = SendProblem.of(failure(Recovery.RETRY, true));

        assertThat(problem.getProperties())
                .containsEntry("mayHaveBeenPlaced", true)
                .containsEntry("hint", "Order again in a few seconds, but look first: this order may have been placed");
    }

    @Test
    void refusesAnOrderThatCannotBeSent() {
        assertThat(SendProblem.of(failure(Recovery.CHANGE_RECORD, false)).getStatus())
                .isEqualTo(422);
    }

    @Test
    void blamesTheShopForTheRest() {
        assertThat(SendProblem.of(failure(Recovery.CHANGE_CLUSTER, false)).getStatus())
                .isEqualTo(500);
    }

    private static SendFailedException failure(Recovery recovery, boolean mayHaveBeenWritten) {
        FailureDetails details =
                new FailureDetails(ErrorCode.NOT_ENOUGH_REPLICAS, Stage.QUEUE, recovery, mayHaveBeenWritten);
        return new SendFailedException(
                "orders",
                new ProducerRecord<>("orders", "order"),
                0,
                new ProducerException("the reason", details, null));
    }
}
