package dev.millrace.samples.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void countsFailuresOfAKindUnderTheFirstMessage() {
        tally.completed(3, failure("record too large: size=1", ErrorCode.MESSAGE_TOO_LARGE, Recovery.CHANGE_RECORD));
        tally.completed(7, failure("record too large: size=2", ErrorCode.MESSAGE_TOO_LARGE, Recovery.CHANGE_RECORD));
        tally.completed(8, failure("bad timestamp", ErrorCode.INVALID_TIMESTAMP, Recovery.CHANGE_RECORD));

        assertThat(tally.failed()).isEqualTo(3);
        assertThat(tally.failures())
                .containsExactly("2 × (first: line 3) record too large: size=1", "1 × (first: line 8) bad timestamp");
    }

    @Test
    void onlyCountsKindsBeyondTheFirstFew() {
        for (ErrorCode code : ErrorCode.values()) {
            tally.completed(1, failure(code.name(), code, Recovery.CHANGE_RECORD));
        }

        assertThat(tally.failures())
                .hasSize(Tally.MAX_KINDS + 1)
                .last()
                .isEqualTo(ErrorCode.values().length - Tally.MAX_KINDS + " × other failures");
    }

    @Test
    void hasHopeWhileFailuresConcernSingleRecords() {
        tally.completed(1, failure("too large", ErrorCode.MESSAGE_TOO_LARGE, Recovery.CHANGE_RECORD));
        assertThat(tally.isHopeless()).isFalse();

        tally.completed(2, failure("timed out", ErrorCode.REQUEST_TIMED_OUT, Recovery.RETRY));
        assertThat(tally.isHopeless()).isTrue();
    }

    private static ProducerException failure(String message, ErrorCode code, Recovery recovery) {
        return new ProducerException(message, new FailureDetails(code, Stage.QUEUE, recovery, false), null);
    }
}
