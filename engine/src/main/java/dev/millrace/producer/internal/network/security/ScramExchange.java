package dev.millrace.producer.internal.network.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.ServerFinalMessage;
import com.ongres.scram.common.ServerFirstMessage;
import com.ongres.scram.common.exception.ScramException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.UserCredentials;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM (RFC 5802, RFC 7677) without channel binding. The library parses what the broker sends and computes keys, proof and
 * signatures. Two things are done here, because it cannot do them as brokers do: the extension that marks a delegation
 * token, and salting a password that is not plain ASCII, which brokers take as it is, without SASLprep.
 */
final class ScramExchange implements SaslExchange {

    private static final int MIN_ITERATIONS = 4096; // RFC 7677, and the least a broker stores
    private static final int MAX_ITERATIONS = 1_000_000; // brokers store 16,384 at most; more would only burn our time
    private static final int MAX_SALT_CHARACTERS = 1024;
    private static final int NONCE_CHARACTERS = 32;
    private static final String GS2_HEADER = "n,,";
    private static final String CHANNEL_BINDING = "c=biws"; // that header in Base64
    private static final String DELEGATION_TOKEN = ",tokenauth=true";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ScramMechanism mechanism;
    private final UserCredentials credentials;
    private final String clientNonce;
    private final String clientFirstBare;

    private byte @Nullable [] serverKey; // null before the broker's first message
    private String authMessage = "";

    ScramExchange(SaslMechanism mechanism, UserCredentials credentials) {
        this(mechanism, credentials, () -> ScramFunctions.nonce(NONCE_CHARACTERS, RANDOM));
    }

    /** With a nonce of the test's. */
    ScramExchange(SaslMechanism mechanism, UserCredentials credentials, Supplier<String> nonce) {
        this.mechanism = switch (mechanism) {
            case SCRAM_SHA_256 -> ScramMechanism.SCRAM_SHA_256;
            case SCRAM_SHA_512 -> ScramMechanism.SCRAM_SHA_512;
            default -> throw new IllegalArgumentException("not SCRAM: " + mechanism);
        };
        this.credentials = credentials;
        clientNonce = nonce.get();
        clientFirstBare = "n=" + escaped(credentials.user()) + ",r=" + clientNonce
                + (credentials.isDelegationToken() ? DELEGATION_TOKEN : "");
    }

    private static String escaped(String user) {
        return user.replace("=", "=3D").replace(",", "=2C");
    }

    @Override
    public SaslReply begin() {
        return SaslReply.token((GS2_HEADER + clientFirstBare).getBytes(UTF_8));
    }

    @Override
    public SaslReply answer(byte[] challenge) throws SaslProblem {
        String message = new String(challenge, UTF_8);
        byte[] key = serverKey;
        if (key == null) {
            return SaslReply.token(clientFinal(message).getBytes(UTF_8));
        }
        verify(message, key);
        return SaslReply.satisfied();
    }

    private String clientFinal(String serverFirst) throws SaslProblem {
        if (serverFirst.startsWith("e=")) {
            throw refused(serverFirst.substring(2));
        }
        ServerFirstMessage first = parsed(serverFirst);
        if (first.getIterationCount() < MIN_ITERATIONS || first.getIterationCount() > MAX_ITERATIONS) {
            throw SaslProblem.untrustworthy("the broker asks for " + first.getIterationCount()
                    + " iterations of SCRAM, which are fewer than " + MIN_ITERATIONS + " or more than "
                    + MAX_ITERATIONS);
        }
        String withoutProof = CHANNEL_BINDING + ",r=" + first.getNonce();
        authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] salted = salted(first);
        byte[] clientKey = ScramFunctions.clientKey(mechanism, salted);
        byte[] storedKey = ScramFunctions.storedKey(mechanism, clientKey);
        byte[] signature = ScramFunctions.clientSignature(mechanism, storedKey, authMessage);
        serverKey = ScramFunctions.serverKey(mechanism, salted);
        byte[] proof = ScramFunctions.clientProof(clientKey, signature);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    private ServerFirstMessage parsed(String serverFirst) throws SaslProblem {
        ServerFirstMessage first;
        try {
            first = ServerFirstMessage.parseFrom(serverFirst, clientNonce);
        } catch (ScramException | RuntimeException | AssertionError e) { // the library asserts what brokers send
            throw SaslProblem.untrustworthy("the broker's first SCRAM message cannot be read", e);
        }
        // the library looks, too, but a foreign nonce would let anybody play an old answer again
        boolean isOurs =
                first.getNonce().startsWith(clientNonce) && first.getNonce().length() > clientNonce.length();
        if (!isOurs) {
            throw SaslProblem.untrustworthy("the broker's SCRAM nonce does not continue the client's");
        }
        return first;
    }

    private byte[] salted(ServerFirstMessage first) throws SaslProblem {
        byte[] salt;
        try {
            salt = Base64.getDecoder().decode(first.getSalt().getBytes(US_ASCII));
        } catch (IllegalArgumentException e) {
            throw SaslProblem.untrustworthy("the broker's SCRAM salt is not Base64", e);
        }
        if (salt.length == 0 || salt.length > MAX_SALT_CHARACTERS) {
            throw SaslProblem.untrustworthy("the broker's SCRAM salt has " + salt.length + " B");
        }
        String hash = mechanism.getName().substring("SCRAM-SHA-".length());
        PBEKeySpec spec =
                new PBEKeySpec(credentials.password(), salt, first.getIterationCount(), Integer.parseInt(hash));
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA" + hash)
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw SaslProblem.noCredentials(
                    "this JVM cannot compute PBKDF2 for " + mechanism.getName(), "use a complete JVM", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** The broker has to prove that it knows the password, too; a man in the middle does not. */
    private void verify(String serverFinal, byte[] key) throws SaslProblem {
        ServerFinalMessage last;
        try {
            last = ServerFinalMessage.parseFrom(serverFinal);
        } catch (ScramException | RuntimeException | AssertionError e) { // the library asserts what brokers send
            throw SaslProblem.untrustworthy("the broker does not prove that it knows the password", e);
        }
        if (last.isError()) {
            throw refused(last.getServerError());
        }
        boolean isProven = ScramFunctions.verifyServerSignature(mechanism, key, authMessage, last.getVerifier());
        if (!isProven) {
            throw SaslProblem.untrustworthy("the broker's proof that it knows the password is wrong");
        }
    }

    private static SaslProblem refused(String error) {
        String text = error.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "?");
        return SaslProblem.refused(
                "the broker refuses", ErrorCode.SASL_AUTHENTICATION_FAILED, SaslRemedies.PASSWORD, text);
    }
}
