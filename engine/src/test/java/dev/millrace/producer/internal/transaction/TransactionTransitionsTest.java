package dev.millrace.producer.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransactionTransitionsTest {

    private static final Set<String> LEGAL = Set.of(
            "UNINITIALIZED INITIALIZING",
            "UNINITIALIZED FAILED",
            "UNINITIALIZED CLOSED",
            "INITIALIZING READY",
            "INITIALIZING UNINITIALIZED",
            "INITIALIZING FAILED",
            "INITIALIZING CLOSED",
            "READY IN_TRANSACTION",
            "READY FAILED",
            "READY CLOSED",
            "IN_TRANSACTION ABORT_ONLY",
            "IN_TRANSACTION COMMITTING",
            "IN_TRANSACTION ABORTING",
            "IN_TRANSACTION FAILED",
            "IN_TRANSACTION CLOSED",
            "ABORT_ONLY ABORTING",
            "ABORT_ONLY FAILED",
            "ABORT_ONLY CLOSED",
            "COMMITTING READY",
            "COMMITTING ABORTING",
            "COMMITTING FAILED",
            "COMMITTING CLOSED",
            "ABORTING READY",
            "ABORTING FAILED",
            "ABORTING CLOSED",
            "FAILED CLOSED");

    @Test
    void allowsTheseMovesAndNoOthers() {
        Set<String> allowed = new TreeSet<>();
        for (TransactionState from : TransactionState.values()) {
            for (TransactionState to : TransactionState.values()) {
                if (TransactionTransitions.areLegal(from, to)) {
                    allowed.add(from + " " + to);
                }
            }
        }
        assertThat(allowed).containsExactlyInAnyOrderElementsOf(LEGAL);
    }

    @Test
    void anIllegalMoveIsRefusedAndChangesNothing() {
        TransactionLife life = new TransactionLife("[test]", failure -> {});
        assertThatThrownBy(() -> life.moveTo(TransactionState.COMMITTING, "a bug"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("from=UNINITIALIZED to=COMMITTING");
        assertThat(life.state()).isEqualTo(TransactionState.UNINITIALIZED);
    }

    @Test
    @Tag("row-110")
    void whatFailedForGoodStaysSoWhateverFailsLater() {
        List<ProducerException> heard = new ArrayList<>();
        TransactionLife life = new TransactionLife("[test]", heard::add);
        FailureDetails details = FailureDetails.local(Stage.NONE, Recovery.NEW_PRODUCER);
        ProducerException first = new FatalProducerException("first", details, null);
        life.fail(first);
        life.fail(new RetriableException("later", details, null));
        assertThat(life.state()).isEqualTo(TransactionState.FAILED);
        assertThat(life.failure()).isSameAs(first);
        assertThat(heard).containsExactly(first);
        life.moveTo(TransactionState.CLOSED, "close");
        life.fail(first);
        assertThat(life.state()).isEqualTo(TransactionState.CLOSED);
    }
}
