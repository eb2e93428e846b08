package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.buffer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.RequestFrame;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import java.util.List;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

/** A request is refused rather than sent without the part that a version has no room for. */
class UnsayableRequestsTest {

    @Test
    void coordinatorsOfTransactionsAreNotKnownToVersionZero() {
        refused(new FindCoordinatorRequest(CoordinatorType.TRANSACTION, List.of("tx-1")), 0)
                .withMessageContaining("FindCoordinator version=0 type=TRANSACTION keys=1");
        sent(new FindCoordinatorRequest(CoordinatorType.TRANSACTION, List.of("tx-1")), 1);
    }

    @Test
    void severalCoordinatorsAreNotKnownBelowVersionFour() {
        refused(new FindCoordinatorRequest(CoordinatorType.GROUP, List.of("g", "h")), 3);
        refused(new FindCoordinatorRequest(CoordinatorType.GROUP, List.of()), 3);
        sent(new FindCoordinatorRequest(CoordinatorType.GROUP, List.of("g", "h")), 4);
    }

    @Test
    void coordinatorsOfAnotherTypeAreMalformed() {
        WireReader share = new WireReader(buffer("0001 67 02"));

        assertThatExceptionOfType(MalformedResponseException.class)
                .isThrownBy(() -> FindCoordinatorRequest.read(share, (short) 1))
                .withMessageContaining("type of coordinator: 2");
    }

    @Test
    void membersOfGroupsAreNotKnownBelowVersionThree() {
        refused(offsetCommit(new Member(1, "", null)), 2).withMessageContaining("use brokers from 2.5 on");
        refused(offsetCommit(new Member(-1, "m", null)), 2);
        refused(offsetCommit(new Member(-1, "", "i")), 2);
        sent(offsetCommit(Member.NONE), 2);
        sent(offsetCommit(new Member(1, "m", "i")), 3);
    }

    @Test
    void partitionsAreNotAddedInTheFormOfBrokers() {
        refused(new AddPartitionsToTxnRequest("tx-1", 1, (short) 0, List.of()), 4)
                .withMessageContaining("spoken=0-3");
    }

    @Test
    void twoPhaseCommitIsNotSpoken() {
        refused(new InitProducerIdRequest("tx-1", 60_000, -1, (short) -1), 6).withMessageContaining("spoken=1-5");
    }

    @Test
    void tokensAreNotPrinted() {
        byte[] secret = {115, 51, 99, 114, 51, 116};

        assertThat(new SaslAuthenticateRequest(secret)).hasToString("SaslAuthenticateRequest[token=6 B]");
        assertThat(new SaslAuthenticateResponse(ErrorCode.NONE, null, secret, 5))
                .hasToString("SaslAuthenticateResponse[error=NONE, errorMessage=null, token=6 B,"
                        + " sessionLifetimeMillis=5]");
    }

    @Test
    void tokensAreComparedByTheirBytes() {
        assertThat(new SaslAuthenticateRequest(new byte[] {1}))
                .isEqualTo(new SaslAuthenticateRequest(new byte[] {1}))
                .hasSameHashCodeAs(new SaslAuthenticateRequest(new byte[] {1}))
                .isNotEqualTo(new SaslAuthenticateRequest(new byte[] {2}));
        assertThat(new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[] {1}, 0))
                .hasSameHashCodeAs(new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[] {1}, 0))
                .isNotEqualTo(new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[] {2}, 0))
                .isNotEqualTo(new SaslAuthenticateResponse(ErrorCode.NONE, null, new byte[] {1}, 1));
    }

    private static TxnOffsetCommitRequest offsetCommit(Member member) {
        return new TxnOffsetCommitRequest("tx-1", "g", 1, (short) 0, member, List.of());
    }

    private static ThrowableAssertAlternative<IllegalArgumentException> refused(ApiRequest<?> request, int version) {
        return assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestFrame.encode(request, (short) version, 1, "c1"));
    }

    private static void sent(ApiRequest<?> request, int version) {
        assertThat(RequestFrame.encode(request, (short) version, 1, "c1")).isNotEmpty();
    }
}
