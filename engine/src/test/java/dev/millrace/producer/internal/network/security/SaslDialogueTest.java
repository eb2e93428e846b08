package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.internal.protocol.message.SaslAuthenticateResponse;
import dev.millrace.producer.internal.protocol.message.SaslHandshakeResponse;
import dev.millrace.producer.security.SaslMechanism;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslDialogueTest {

    private static final byte[] NOTHING = {};

    private final SaslDialogue dialogue = new SaslDialogue(SaslMechanism.SCRAM_SHA_256);

    private static SaslHandshakeResponse handshake(ErrorCode error, String... mechanisms) {
        return new SaslHandshakeResponse(error, List.of(mechanisms));
    }

    private static SaslAuthenticateResponse answer(byte[] token, long lifetime) {
        return new SaslAuthenticateResponse(ErrorCode.NONE, null, token, lifetime);
    }

    private static SaslAuthenticateResponse refusal(ErrorCode error, @Nullable String message) {
        return new SaslAuthenticateResponse(error, message, NOTHING, 0);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private void comeToTheFirstToken(SaslReply first) {
        dialogue.loggedIn(first);
        assertThat(dialogue.state()).isEqualTo(SaslState.HANDSHAKING);
        dialogue.onHandshake(handshake(ErrorCode.NONE, "PLAIN", "SCRAM-SHA-256"));
    }

    private void assertRefused(String what) {
        assertThat(dialogue.state()).isEqualTo(SaslState.FAILED);
        assertThat(dialogue.problem()).hasMessage(what);
        assertThat(dialogue.token()).isEmpty();
    }

    @Test
    void goesRoundUntilTheMechanismIsSatisfied() {
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        assertThat(dialogue.state()).isEqualTo(SaslState.AWAITING_BROKER);
        assertThat(dialogue.token()).containsExactly(1);

        dialogue.onAnswer(answer(bytes(2), 0));
        assertThat(dialogue.state()).isEqualTo(SaslState.EVALUATING);
        assertThat(dialogue.token()).containsExactly(2);
        dialogue.evaluated(SaslReply.token(bytes(3)));
        assertThat(dialogue.state()).isEqualTo(SaslState.AWAITING_BROKER);
        dialogue.onAnswer(answer(bytes(4), 2_000));
        dialogue.evaluated(SaslReply.satisfied());

        assertThat(dialogue.state()).isEqualTo(SaslState.DONE);
        assertThat(dialogue.sessionLifetimeMillis()).isEqualTo(2_000);
    }

    @Test
    void aMechanismThatHasSaidEverythingStillAwaitsTheVerdict() {
        comeToTheFirstToken(SaslReply.lastToken(bytes(1)));
        assertThat(dialogue.state()).isEqualTo(SaslState.AWAITING_BROKER);

        dialogue.onAnswer(answer(NOTHING, 0));
        assertThat(dialogue.state()).isEqualTo(SaslState.DONE);
    }

    @Test
    void tellsWhichMechanismsTheBrokerOffers() {
        dialogue.loggedIn(SaslReply.token(bytes(1)));
        dialogue.onHandshake(handshake(ErrorCode.UNSUPPORTED_SASL_MECHANISM, "GSSAPI", "PLAIN"));

        assertRefused("the broker does not offer the mechanism SCRAM-SHA-256, it offers GSSAPI, PLAIN");
        assertThat(dialogue.problem().kind()).isEqualTo(SaslProblem.Kind.REFUSED);
        assertThat(dialogue.problem().error()).isEqualTo(ErrorCode.UNSUPPORTED_SASL_MECHANISM);
        assertThat(dialogue.problem().recovery()).isEqualTo(Recovery.CHANGE_CONFIGURATION);
    }

    @Test
    void tellsThatTheListenerDoesNotAuthenticate() {
        dialogue.loggedIn(SaslReply.token(bytes(1)));
        dialogue.onHandshake(handshake(ErrorCode.ILLEGAL_SASL_STATE));

        assertRefused("the broker refuses the handshake");
        assertThat(dialogue.problem().remedy()).contains("check the port and the protocol");
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyOtherErrorEndsItInBothPlaces(ErrorCode error) {
        dialogue.loggedIn(SaslReply.token(bytes(1)));
        dialogue.onHandshake(handshake(error, "SCRAM-SHA-256"));
        assertThat(dialogue.state()).isEqualTo(SaslState.FAILED);
        assertThat(dialogue.problem().error()).isEqualTo(error);

        SaslDialogue later = new SaslDialogue(SaslMechanism.PLAIN);
        later.loggedIn(SaslReply.lastToken(bytes(1)));
        later.onHandshake(handshake(ErrorCode.NONE, "PLAIN"));
        later.onAnswer(refusal(error, "no"));
        assertThat(later.state()).isEqualTo(SaslState.FAILED);
        assertThat(later.problem().error()).isEqualTo(error);
        assertThat(later.problem().brokerMessage()).isEqualTo("no");
    }

    @Test
    void aBrokerThatTakesTheMechanismAndNamesOthersIsNotBelieved() {
        dialogue.loggedIn(SaslReply.token(bytes(1)));
        dialogue.onHandshake(handshake(ErrorCode.NONE, "PLAIN"));

        assertRefused("the broker takes the mechanism SCRAM-SHA-256 and names only others: PLAIN");
        assertThat(dialogue.problem().kind()).isEqualTo(SaslProblem.Kind.UNTRUSTWORTHY);
    }

    @Test
    void keepsTheBrokersWordsInOneLineAndBounded() {
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        dialogue.onAnswer(refusal(ErrorCode.SASL_AUTHENTICATION_FAILED, "bad\r\npassword" + "x".repeat(1_000)));

        assertThat(dialogue.problem().brokerMessage())
                .startsWith("bad  passwordxxx")
                .hasSizeLessThan(510)
                .endsWith("…");
    }

    @Test
    void addsWhatTheMechanismHadHeard() {
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        dialogue.onAnswer(refusal(ErrorCode.SASL_AUTHENTICATION_FAILED, "no"), "{\"status\":\"invalid_token\"}");

        assertThat(dialogue.problem().brokerMessage()).isEqualTo("no {\"status\":\"invalid_token\"}");
    }

    @Test
    void refusesATokenThatIsTooLarge() {
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        dialogue.onAnswer(answer(new byte[512 * 1024 + 1], 0));

        assertRefused("the broker's token has 524289 B, more than 524288 B");
    }

    @Test
    void refusesBytesBehindTheEndOfTheMechanism() {
        comeToTheFirstToken(SaslReply.lastToken(bytes(1)));
        dialogue.onAnswer(answer(bytes(7, 7), 0));

        assertRefused("the broker sends 2 B after the end of SCRAM-SHA-256");
    }

    @Test
    void refusesABrokerThatComesToNoEnd() {
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        int rounds = 1;
        while (dialogue.state() == SaslState.AWAITING_BROKER && rounds < 100) {
            dialogue.onAnswer(answer(bytes(2), 0));
            dialogue.evaluated(SaslReply.token(bytes(3)));
            rounds++;
        }

        assertRefused("the broker does not come to an end after 16 tokens");
        assertThat(rounds).isEqualTo(17);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void aSessionThatEndsBeforeItBeginsIsOneWithoutEnd(long lifetime) {
        comeToTheFirstToken(SaslReply.lastToken(bytes(1)));
        dialogue.onAnswer(answer(NOTHING, lifetime));

        assertThat(dialogue.sessionLifetimeMillis()).isZero();
    }

    @Test
    void failsWithoutCredentials() {
        dialogue.fail(SaslProblem.noCredentials("none there", "get some", null));

        assertRefused("none there");
        assertThat(dialogue.problem().recovery()).isEqualTo(Recovery.RETRY);
    }

    @Test
    void refusesEventsOutOfOrder() {
        assertThatIllegalStateException()
                .isThrownBy(() -> dialogue.onHandshake(handshake(ErrorCode.NONE, "SCRAM-SHA-256")));
        assertThatIllegalStateException().isThrownBy(dialogue::problem);
        comeToTheFirstToken(SaslReply.token(bytes(1)));
        assertThatIllegalStateException().isThrownBy(() -> dialogue.loggedIn(SaslReply.token(bytes(1))));
    }

    @Test
    void showsNoToken() {
        comeToTheFirstToken(SaslReply.token("secret".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(dialogue).hasToString("SCRAM-SHA-256 AWAITING_BROKER round=1");
    }
}
