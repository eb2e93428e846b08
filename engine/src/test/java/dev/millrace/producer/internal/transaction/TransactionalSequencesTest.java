package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.internal.transaction.TransactionBench.A0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.idempotence.Stamp;
import org.junit.jupiter.api.Test;

class TransactionalSequencesTest {

    private final TransactionIdentity identity = new TransactionIdentity("[test]");
    private final PartitionSequences sequences = identity.sequencesOf(A0);

    @Test
    void stampsOnlyWithAnIdentity() {
        assertThat(sequences.isReady()).isFalse();
        identity.become(7, (short) 3);
        assertThat(sequences.isReady()).isTrue();
        assertThat(sequences.assign(2)).isEqualTo(new Stamp(7, (short) 3, 0));
        assertThat(sequences.assign(1)).isEqualTo(new Stamp(7, (short) 3, 2));
        identity.renew();
        assertThat(sequences.isReady()).isFalse();
    }

    @Test
    void goesOnThroughTransactionsOfAnEpochAndStartsOverInTheNext() {
        identity.become(7, (short) 0);
        sequences.assign(2);
        sequences.onAcknowledged();
        identity.begin();
        assertThat(sequences.assign(1).baseSequence()).isEqualTo(2);
        assertThat(sequences.maxInFlight()).isEqualTo(5);
        sequences.onAbandoned();
        assertThat(sequences.hasGap()).isTrue();
        assertThat(identity.hasGap()).isTrue();
        identity.become(7, (short) 1);
        assertThat(identity.hasGap()).isFalse();
        assertThat(sequences.hasGap()).isFalse();
        assertThat(sequences.maxInFlight()).isOne();
        assertThat(sequences.assign(1)).isEqualTo(new Stamp(7, (short) 1, 0));
    }

    @Test
    void wraps() {
        identity.become(7, (short) 0);
        sequences.rewind(Integer.MAX_VALUE);
        sequences.assign(2);
        assertThat(sequences.assign(1).baseSequence()).isOne();
    }

    @Test
    void rememberAPartitionThatWasForgottenWhileItsEpochGoesOn() {
        identity.become(7, (short) 0);
        sequences.assign(3);
        sequences.forget();
        assertThat(identity.sequencesOf(A0).assign(1).baseSequence()).isEqualTo(3);
        identity.sequencesOf(A0).forget();
        identity.become(7, (short) 1);
        assertThat(identity.sequencesOf(A0)).isNotSameAs(sequences);
    }

    @Test
    void nothingStartsOverWithinATransaction() {
        identity.become(7, (short) 0);
        assertThat(sequences.mayRestart()).isFalse();
        assertThatThrownBy(sequences::restart).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void knowsWhetherAnythingMayBeOnItsWay() {
        identity.become(7, (short) 0);
        identity.begin();
        assertThat(identity.isUsed()).isFalse();
        sequences.assign(1);
        assertThat(identity.isUsed()).isTrue();
        identity.begin();
        assertThat(identity.isUsed()).isFalse();
    }
}
