package dev.millrace.producer.internal.network.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.UserCredentials;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import javax.security.sasl.SaslServer;
import org.apache.kafka.common.security.authenticator.CredentialCache;
import org.apache.kafka.common.security.scram.ScramCredential;
import org.apache.kafka.common.security.scram.internals.ScramCredentialUtils;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.apache.kafka.common.security.scram.internals.ScramServerCallbackHandler;
import org.apache.kafka.common.security.token.delegation.internals.DelegationTokenCache;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MechanismsTest {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_FIRST = "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4096";

    private static String text(SaslReply reply) {
        return new String(Objects.requireNonNull(reply.token()), UTF_8);
    }

    private static String hex(SaslReply reply) {
        return HexFormat.of().formatHex(Objects.requireNonNull(reply.token()));
    }

    private static ScramExchange scram(SaslMechanism mechanism, UserCredentials credentials) {
        return new ScramExchange(mechanism, credentials, () -> NONCE);
    }

    private static ScramExchange scram() {
        return scram(SaslMechanism.SCRAM_SHA_256, UserCredentials.of("user", "pencil"));
    }

    // PLAIN

    @Test
    @Tag("row-113")
    void writesTheGoldenPlainToken() {
        assertThat(hex(new PlainExchange(UserCredentials.of("u", "p")).begin())).isEqualTo("00750070");
        assertThat(hex(new PlainExchange(UserCredentials.of("ü", "ß€")).begin()))
                .isEqualTo("00c3bc00c39fe282ac");
    }

    @Test
    void plainHasNothingMoreToSay() {
        assertThat(new PlainExchange(UserCredentials.of("u", "p")).begin().isComplete())
                .isTrue();
        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> new PlainExchange(UserCredentials.of("u", "p")).answer(new byte[] {1}));
    }

    @Test
    void aSeparatorInUserOrPasswordIsRefusedBeforeItCanBeMisread() {
        assertThatIllegalArgumentException().isThrownBy(() -> UserCredentials.of("a\0b", "p"));
        assertThatIllegalArgumentException().isThrownBy(() -> UserCredentials.of("a", "p\0q"));
        assertThatIllegalArgumentException().isThrownBy(() -> UserCredentials.of("", "p"));
    }

    // SCRAM

    @ParameterizedTest
    @Tag("row-113")
    @CsvSource({
        "SCRAM_SHA_256, jLNYxfdidfEoXhXTQkMbVzs1SpZqRIV9xoM3DaFIOdc=, 5F8irsMTWRWY97hELqkyYpqmxyX2tfff/CyuY9A4rT0=",
        "SCRAM_SHA_512,"
                + " 1ScDTtTdGg0B9NPRS0nzyL7fkyA90tmPTDr+5AvP4LQBWdKGucZfkm3id9gVsMaHDuv+FpurjnYtpxIi2eDfbw==,"
                + " iNVuiKJ2D+MTa4j5sjPXzGVNiT/Jc0D8oCm8CHNtVCvSz0T8uw44zCEiwOsVn4LTRFvXcVgkKAw5k49l2Q88Ig=="
    })
    void writesAndChecksTheGoldenScramMessages(SaslMechanism mechanism, String proof, String signature)
            throws SaslProblem {
        ScramExchange exchange = scram(mechanism, UserCredentials.of("user", "pencil"));

        assertThat(text(exchange.begin())).isEqualTo("n,,n=user,r=" + NONCE);
        assertThat(text(exchange.answer(SERVER_FIRST.getBytes(UTF_8))))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqOSRVNONCE,p=" + proof);
        SaslReply last = exchange.answer(("v=" + signature).getBytes(UTF_8));

        assertThat(last.isComplete()).isTrue();
        assertThat(last.token()).isNull();
    }

    @Test
    @Tag("row-113")
    void escapesUserNamesAndMarksDelegationTokens() {
        assertThat(text(scram(SaslMechanism.SCRAM_SHA_256, UserCredentials.ofDelegationToken("a=b,c", "hmac"))
                        .begin()))
                .isEqualTo("n,,n=a=3Db=2Cc,r=" + NONCE + ",tokenauth=true");
    }

    @Test
    void nonceIsFresh() {
        UserCredentials user = UserCredentials.of("user", "pencil");
        String first = text(new ScramExchange(SaslMechanism.SCRAM_SHA_256, user).begin());
        String second = text(new ScramExchange(SaslMechanism.SCRAM_SHA_256, user).begin());

        assertThat(first).isNotEqualTo(second).hasSizeGreaterThan("n,,n=user,r=".length() + 24);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4095", // too cheap
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=1",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=0",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=-4096",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=1000001", // burns our time
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=2147483647",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=99999999999",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==",
                "r=rOprNGfwEbeRWgbNEkqO,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4096", // nothing of the server's
                "r=anotherNonceSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=,i=4096",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=%%%%,i=4096",
                "m=ext,r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4096",
                "",
                "nonsense",
                "v=5F8irsMTWRWY97hELqkyYpqmxyX2tfff/CyuY9A4rT0="
            })
    void aFirstMessageThatIsNotRightEndsIt(String serverFirst) {
        ScramExchange exchange = scram();
        exchange.begin();

        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer(serverFirst.getBytes(UTF_8)))
                .matches(problem -> problem.kind() == SaslProblem.Kind.UNTRUSTWORTHY, "untrustworthy");
    }

    @Test
    void aSaltOfMoreThanAKilobyteEndsIt() throws SaslProblem {
        String salt = Base64.getEncoder().encodeToString(new byte[1025]);
        ScramExchange exchange = scram();
        exchange.begin();

        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer(
                        SERVER_FIRST.replace("UVNYQ1IrUTZzZWs4YmY5Mg==", salt).getBytes(UTF_8)))
                .withMessageContaining("salt has 1025 B");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // success without a proof is no success
                "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "v=%%%",
                "v=",
                "nonsense",
                "r=rOprNGfwEbeRWgbNEkqOSRVNONCE,s=UVNYQ1IrUTZzZWs4YmY5Mg==,i=4096"
            })
    void aBrokerThatDoesNotKnowThePasswordIsNotBelieved(String serverFinal) throws SaslProblem {
        ScramExchange exchange = scram();
        exchange.begin();
        exchange.answer(SERVER_FIRST.getBytes(UTF_8));

        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer(serverFinal.getBytes(UTF_8)))
                .matches(problem -> problem.kind() == SaslProblem.Kind.UNTRUSTWORTHY, "untrustworthy");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anErrorOfTheMechanismIsTheBrokersWord(boolean atFirst) throws SaslProblem {
        ScramExchange exchange = scram();
        exchange.begin();
        if (!atFirst) {
            exchange.answer(SERVER_FIRST.getBytes(UTF_8));
        }

        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer("e=invalid-proof".getBytes(UTF_8)))
                .matches(problem -> problem.kind() == SaslProblem.Kind.REFUSED, "refused")
                .matches(problem -> "invalid-proof".equals(problem.brokerMessage()), "with the broker's word");
    }

    @Test
    void anErrorOfTheMechanismCannotForgeALineOfALog() {
        ScramExchange exchange = scram();
        exchange.begin();

        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer("e=no\nERROR <b>".getBytes(UTF_8)))
                .matches(problem -> "no?error ?b?".equals(problem.brokerMessage()), "with the broker's word");
    }

    /** The reference's server with its own credentials: also where SASLprep would have changed the password. User names of brokers are ASCII. */
    @ParameterizedTest
    @Tag("row-113")
    @ValueSource(strings = {"pencil", "päß\u00a0wörd", "\u212bngström", "x\u00adsoft", "密码🔑", " a,b=c\"'\\;{} "})
    void theReferencesServerTakesPasswordsAsTheyAre(String password) throws Exception {
        for (SaslMechanism mechanism : List.of(SaslMechanism.SCRAM_SHA_256, SaslMechanism.SCRAM_SHA_512)) {
            String user = "us,er=" + new Random().nextInt(100);
            ScramExchange client = new ScramExchange(mechanism, UserCredentials.of(user, password));
            SaslServer server = server(mechanism, user, password);

            byte[] toServer = Objects.requireNonNull(client.begin().token());
            SaslReply reply = client.answer(server.evaluateResponse(toServer));
            reply = client.answer(server.evaluateResponse(Objects.requireNonNull(reply.token())));

            assertThat(server.isComplete()).isTrue();
            assertThat(server.getAuthorizationID()).isEqualTo(user);
            assertThat(reply.isComplete()).isTrue();
        }
    }

    private static SaslServer server(SaslMechanism mechanism, String user, String password) throws Exception {
        var kafkas =
                org.apache.kafka.common.security.scram.internals.ScramMechanism.forMechanismName(mechanism.wireName());
        CredentialCache cache = new CredentialCache();
        ScramCredentialUtils.createCache(cache, List.of(mechanism.wireName()));
        ScramCredential credential = new ScramFormatter(kafkas).generateCredential(password, 4096);
        cache.cache(mechanism.wireName(), ScramCredential.class).put(user, credential);
        return new ScramSaslServer(
                kafkas,
                Map.of(),
                new ScramServerCallbackHandler(
                        cache.cache(mechanism.wireName(), ScramCredential.class),
                        new DelegationTokenCache(List.of(mechanism.wireName()))));
    }

    // OAUTHBEARER

    @Test
    @Tag("row-113")
    void writesTheGoldenTokenWithAndWithoutExtensions() {
        Token token = Token.withoutEnd("tok");

        assertThat(hex(new OAuthBearerExchange(token).begin())).isEqualTo("6e2c2c01617574683d42656172657220746f6b0101");
        assertThat(hex(new OAuthBearerExchange(token.with(Map.of("k", "v"))).begin()))
                .isEqualTo("6e2c2c01617574683d42656172657220746f6b016b3d760101");
    }

    @Test
    void anEmptyAnswerIsSuccess() throws SaslProblem {
        OAuthBearerExchange exchange = new OAuthBearerExchange(Token.withoutEnd("tok"));
        exchange.begin();

        SaslReply reply = exchange.answer(new byte[0]);

        assertThat(reply.isComplete()).isTrue();
        assertThat(reply.token()).isNull();
    }

    @Test
    @Tag("row-113")
    void anErrorIsAcknowledgedAndNeverBecomesSuccess() throws SaslProblem {
        OAuthBearerExchange exchange = new OAuthBearerExchange(Token.withoutEnd("tok"));
        exchange.begin();

        SaslReply reply = exchange.answer("{\"status\":\"invalid_token\",\n\"seen\":\"tok\"}".getBytes(UTF_8));

        assertThat(reply.token()).containsExactly(1);
        assertThat(exchange.objection()).isEqualTo("{\"status\":\"invalid_***en\", \"seen\":\"***\"}");
        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> exchange.answer(new byte[0]))
                .matches(problem -> problem.kind() == SaslProblem.Kind.REFUSED, "refused");
    }

    @Test
    void keepsAtMostFiveHundredCharactersOfAnError() throws SaslProblem {
        OAuthBearerExchange exchange = new OAuthBearerExchange(Token.withoutEnd("tok"));
        exchange.begin();
        exchange.answer("x".repeat(100_000).getBytes(UTF_8));

        assertThat(exchange.objection()).isEqualTo("x".repeat(500) + "…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\u0001auth=Bearer x", "a\nb", "tök", "="})
    void whatIsNoBearerTokenIsRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> Token.withoutEnd(value));
    }

    @Test
    void extensionsCannotForgeFields() {
        Token token = Token.withoutEnd("tok");
        assertThatIllegalArgumentException().isThrownBy(() -> token.with(Map.of("auth", "Bearer other")));
        assertThatIllegalArgumentException().isThrownBy(() -> token.with(Map.of("k1", "v")));
        assertThatIllegalArgumentException().isThrownBy(() -> token.with(Map.of("", "v")));
        assertThatIllegalArgumentException().isThrownBy(() -> token.with(Map.of("k", "a\u0001b=c")));
    }

    // GSSAPI

    @Test
    void withoutATicketTheMessageSaysWhatToDo() {
        assertThatExceptionOfType(SaslProblem.class)
                .isThrownBy(() -> new GssapiExchange("kafka", "broker.example.com", null).begin())
                .withMessageStartingWith("no Kerberos ticket for kafka/broker.example.com: ")
                .matches(problem -> problem.kind() == SaslProblem.Kind.NO_CREDENTIALS, "no credentials")
                .matches(problem -> problem.remedy().contains("useSubjectCredsOnly"), "with the JVM's switch");
    }
}
