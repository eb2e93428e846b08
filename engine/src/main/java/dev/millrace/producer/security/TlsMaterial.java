package dev.millrace.producer.security;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One state of what TLS needs: whom to trust, what to prove oneself with, and which protocols and cipher suites to offer.
 * Immutable. Sessions are resumed among the connections made with one object, and no others.
 */
public final class TlsMaterial {

    private static final String ANY_TLS = "TLS"; // which versions are offered is decided for each connection

    private final SSLContext context;
    private final boolean hasKeys;
    private final List<String> protocols;
    private final List<String> cipherSuites;

    private TlsMaterial(SSLContext context, boolean hasKeys, List<String> protocols, List<String> cipherSuites) {
        this.context = context;
        this.hasKeys = hasKeys;
        this.protocols = protocols;
        this.cipherSuites = cipherSuites;
    }

    /** The JVM's own trusted authorities, and no certificate of the client's. */
    public static TlsMaterial jvmDefault() throws GeneralSecurityException {
        return of((KeyManager[]) null, null);
    }

    /**
     * Of managers.
     *
     * @param keys what the client proves itself with, null for nothing
     * @param trust whom it trusts, null for the authorities the JVM trusts
     */
    public static TlsMaterial of(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(ANY_TLS);
        context.init(keys, trust, null);
        return new TlsMaterial(context, keys != null && keys.length > 0, List.of(), List.of());
    }

    /** Of a context that somebody else has initialised, for instance with a provider of its own. */
    public static TlsMaterial of(SSLContext context) {
        return new TlsMaterial(context, true, List.of(), List.of());
    }

    /** This material with other versions of TLS, by JSSE's names such as {@code TLSv1.3}; none for the default. */
    public TlsMaterial withProtocols(List<String> names) {
        return new TlsMaterial(context, hasKeys, List.copyOf(names), cipherSuites);
    }

    /** This material with other cipher suites, by JSSE's names and in the order of preference; none for the JVM's. */
    public TlsMaterial withCipherSuites(List<String> names) {
        return new TlsMaterial(context, hasKeys, protocols, List.copyOf(names));
    }

    /** Whether there is a key to prove the client with; of a context it is not known and assumed. */
    public boolean hasKeys() {
        return hasKeys;
    }

    /** Makes the engines of connections. */
    public SSLContext context() {
        return context;
    }

    /** The versions of TLS to offer; empty for the default. */
    public List<String> protocols() {
        return protocols;
    }

    /** The cipher suites to offer; empty for the JVM's. */
    public List<String> cipherSuites() {
        return cipherSuites;
    }

    /** Shows no keys. */
    @Override
    public String toString() {
        return "TlsMaterial[protocols=" + protocols + " cipherSuites=" + cipherSuites + "]";
    }
}
