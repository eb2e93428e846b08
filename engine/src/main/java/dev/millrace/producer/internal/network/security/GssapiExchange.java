package dev.millrace.producer.internal.network.security;

import java.util.HashMap;
import java.util.Map;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.ietf.jgss.GSSCredential;
import org.jspecify.annotations.Nullable;

/**
 * GSSAPI (RFC 4752): Kerberos as the JVM speaks it. The credential is the user's, or, without one, that of the JVM's ticket
 * cache; authentication only, without a layer of integrity or privacy.
 */
final class GssapiExchange implements SaslExchange {

    private static final String NAME = "GSSAPI";

    private final String service;
    private final String host;
    private final @Nullable GSSCredential credential;

    private @Nullable SaslClient client; // null before the beginning and after the end

    /**
     * With one broker.
     *
     * @param service the first part of the broker's principal, such as {@code kafka}
     * @param host the second part
     * @param credential null for the ticket cache
     */
    GssapiExchange(String service, String host, @Nullable GSSCredential credential) {
        this.service = service;
        this.host = host;
        this.credential = credential;
    }

    @Override
    public SaslReply begin() throws SaslProblem {
        Map<String, Object> properties = new HashMap<>();
        properties.put(Sasl.QOP, "auth");
        if (credential != null) {
            properties.put(Sasl.CREDENTIALS, credential);
        }
        try {
            SaslClient created = Sasl.createSaslClient(new String[] {NAME}, null, service, host, properties, null);
            if (created == null) {
                throw new SaslException("the JVM has no " + NAME);
            }
            client = created;
            return reply(created, created.evaluateChallenge(new byte[0]));
        } catch (SaslException e) {
            throw SaslProblem.noCredentials(
                    "no Kerberos ticket for " + service + "/" + host + ": " + rootOf(e),
                    SaslRemedies.TICKET + (credential == null ? CACHE : ""),
                    e);
        }
    }

    private static final String CACHE = ", or give a credential; the JVM reads its ticket cache with"
            + " -Djavax.security.auth.useSubjectCredsOnly=false";

    @Override
    public SaslReply answer(byte[] challenge) throws SaslProblem {
        SaslClient current = client;
        if (current == null) {
            throw SaslProblem.untrustworthy("the broker goes on after " + NAME + " has ended");
        }
        try {
            return reply(current, current.evaluateChallenge(challenge));
        } catch (SaslException e) {
            client = null;
            throw SaslProblem.untrustworthy("the broker's " + NAME + " token is not accepted: " + rootOf(e), e);
        }
    }

    private SaslReply reply(SaslClient current, byte @Nullable [] token) throws SaslException {
        if (!current.isComplete()) {
            return SaslReply.token(token == null ? new byte[0] : token);
        }
        current.dispose();
        client = null;
        return token == null ? SaslReply.satisfied() : SaslReply.lastToken(token);
    }

    private static String rootOf(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
