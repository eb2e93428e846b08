package dev.millrace.samples.quickstart.shop;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.spring.SendFailedException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** What a failed send means for the one who ordered. */
final class SendProblem {
    private SendProblem() {}

    /** 503 if the same order may succeed later, 422 if the order is at fault, 500 if the shop is. */
    static ProblemDetail of(SendFailedException failure) {
        Recovery recovery = recovery(failure);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status(recovery), failure.getMessage());
        problem.setTitle("The order was not placed");
        if (failure.getCause() instanceof ProducerException cause) {
            problem.setProperty("cause", cause.errorCode().name());
            problem.setProperty("stage", cause.stage().name());
        }
        problem.setProperty("mayHaveBeenPlaced", failure.mayHaveBeenWritten());
        problem.setProperty("hint", hint(recovery, failure.mayHaveBeenWritten()));
        return problem;
    }

    private static Recovery recovery(SendFailedException failure) {
        return failure.getCause() instanceof ProducerException cause ? cause.recovery() : Recovery.NEW_PRODUCER;
    }

    private static HttpStatus status(Recovery recovery) {
        return switch (recovery) {
            case RETRY -> HttpStatus.SERVICE_UNAVAILABLE;
            case CHANGE_RECORD -> HttpStatus.UNPROCESSABLE_CONTENT;
            case CHANGE_CONFIGURATION, CHANGE_CLUSTER, NEW_PRODUCER -> HttpStatus.INTERNAL_SERVER_ERROR;
        };
    }

    private static String hint(Recovery recovery, boolean mayHaveBeenWritten) {
        String remedy =
                switch (recovery) {
                    case RETRY -> "Order again in a few seconds";
                    case CHANGE_RECORD -> "Change the order; as it is it will be refused again";
                    case CHANGE_CONFIGURATION -> "The shop's operator must change app.producer.*";
                    case CHANGE_CLUSTER -> "The shop's operator must change the Kafka cluster";
                    case NEW_PRODUCER -> "The shop's operator must restart the shop";
                };
        return mayHaveBeenWritten ? remedy + ", but look first: this order may have been placed" : remedy;
    }
}
