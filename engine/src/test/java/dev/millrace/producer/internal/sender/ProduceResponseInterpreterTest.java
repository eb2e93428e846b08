package dev.millrace.producer.internal.sender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.LeaderHint;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.PartitionResult;
import dev.millrace.producer.internal.protocol.message.ProduceResponse.RecordError;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProduceResponseInterpreterTest {

    @Test
    void acknowledgesWithOffsetAndBrokerTime() {
        PartitionResult result =
                new PartitionResult(3, ErrorCode.NONE, 41, 1_700_000_000_000L, 0, List.of(), null, LeaderHint.NONE);

        assertThat(ProduceResponseInterpreter.interpret(result))
                .isEqualTo(new BatchOutcome.Acknowledged(41, 1_700_000_000_000L));
    }

    @Test
    void acknowledgesADuplicateWithoutAnOffset() {
        PartitionResult result = new PartitionResult(
                3, ErrorCode.DUPLICATE_SEQUENCE_NUMBER, 41, -1, 0, List.of(), null, LeaderHint.NONE);

        assertThat(ProduceResponseInterpreter.interpret(result)).isEqualTo(new BatchOutcome.Acknowledged(-1, -1));
    }

    @Test
    void retriesPassingErrorsAsTheyAre() {
        assertThat(interpret(ErrorCode.NOT_ENOUGH_REPLICAS, "1 of 2 in sync"))
                .isEqualTo(new BatchOutcome.Retry(
                        ErrorCode.NOT_ENOUGH_REPLICAS, "NOT_ENOUGH_REPLICAS (1 of 2 in sync)", false, false));
    }

    @Test
    void refreshesWhenTheLeaderMayBeAnother() {
        assertThat(interpret(ErrorCode.NOT_LEADER_OR_FOLLOWER, null))
                .isEqualTo(
                        new BatchOutcome.Retry(ErrorCode.NOT_LEADER_OR_FOLLOWER, "NOT_LEADER_OR_FOLLOWER", true, true));
        assertThat(interpret(ErrorCode.FENCED_LEADER_EPOCH, ""))
                .isEqualTo(new BatchOutcome.Retry(ErrorCode.FENCED_LEADER_EPOCH, "FENCED_LEADER_EPOCH", true, false));
    }

    @Test
    void remembersThatTheBatchMayBeInTheLog() {
        assertThat(interpret(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, null))
                .isEqualTo(new BatchOutcome.Retry(
                        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", false, true));
    }

    @Test
    void splitsWhatIsTooLarge() {
        assertThat(interpret(ErrorCode.MESSAGE_TOO_LARGE, null))
                .isEqualTo(new BatchOutcome.TooLarge(ErrorCode.MESSAGE_TOO_LARGE));
    }

    @Test
    void startsSequencesOver() {
        assertThat(interpret(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, null))
                .isEqualTo(new BatchOutcome.OutOfSequence(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
    }

    @Test
    void rejectsWithTheBrokersWords() {
        List<RecordError> errors = List.of(new RecordError(1, "no key"), new RecordError(2, null));
        PartitionResult result = new PartitionResult(
                0, ErrorCode.INVALID_RECORD, -1, -1, -1, errors, "compacted topic", LeaderHint.NONE);

        assertThat(ProduceResponseInterpreter.interpret(result))
                .isEqualTo(new BatchOutcome.Rejected(ErrorCode.INVALID_RECORD, "compacted topic", errors));
    }

    @Test
    void hasAnOutcomeForEveryCode() {
        for (ErrorCode error : ErrorCode.values()) {
            BatchOutcome outcome = interpret(error, null);
            Class<?> expected =
                    switch (ProduceErrors.reactionTo(error)) {
                        case ACKNOWLEDGE -> BatchOutcome.Acknowledged.class;
                        case RETRY, REFRESH_AND_RETRY -> BatchOutcome.Retry.class;
                        case SPLIT -> BatchOutcome.TooLarge.class;
                        case NEW_EPOCH -> BatchOutcome.OutOfSequence.class;
                        case REJECT -> BatchOutcome.Rejected.class;
                    };
            assertThat(outcome).as(error.name()).isInstanceOf(expected);
        }
    }

    private static BatchOutcome interpret(ErrorCode error, @Nullable String message) {
        return ProduceResponseInterpreter.interpret(
                new PartitionResult(0, error, -1, -1, -1, List.of(), message, LeaderHint.NONE));
    }
}
