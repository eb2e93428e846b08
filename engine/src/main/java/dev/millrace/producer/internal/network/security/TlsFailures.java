package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.errors.TlsHandshakeException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handshake means, in words for a user. A refusal by either side is a {@link TlsHandshakeException};
 * a connection that merely broke is an {@link IOException}. Pure.
 */
public final class TlsFailures {

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    /** What brokers say when they want a certificate and get none, or one they do not trust (RFC 8446, 6.2). */
    private static final Set<String> ABOUT_OUR_CERTIFICATE = Set.of(
            "bad_certificate",
            "certificate_required",
            "certificate_unknown",
            "certificate_expired",
            "certificate_revoked",
            "unsupported_certificate",
            "unknown_ca",
            "access_denied");

    private static final String TRUST =
            Setting.TLS_TRUST_STORE_LOCATION + " or " + Setting.TLS_TRUST_STORE_CERTIFICATES;
    private static final String KEY = Setting.TLS_KEY_STORE_LOCATION + " or " + Setting.TLS_KEY_STORE_KEY;

    private TlsFailures() {}

    /**
     * What to tell of a handshake that failed.
     *
     * @param host the name the broker was reached by
     * @param hasKeys whether the client has a key to prove itself with
     */
    public static Throwable explain(String host, int port, Throwable cause, boolean hasKeys) {
        String peer = host + ":" + port;
        if (!isTls(cause)) {
            return new IOException(
                    "connection to " + peer + " broke during the TLS handshake: " + text(cause)
                            + "; a firewall, or a listener without TLS: check its port and "
                            + Setting.SECURITY_PROTOCOL,
                    cause);
        }
        String alert = alertOf(cause);
        return alert == null ? ours(host, peer, cause) : theirs(peer, alert, cause, hasKeys);
    }

    /** Whoever is on the other side does not speak TLS. */
    public static Throwable notTls(String host, int port, Throwable cause) {
        return refusal(
                host + ":" + port,
                "what answers there does not speak TLS",
                "check the port and " + Setting.SECURITY_PROTOCOL,
                cause);
    }

    /** The broker wants another handshake on a connection that is in use. */
    public static Throwable renegotiation(String host, int port) {
        return refusal(
                host + ":" + port,
                "the broker asks for a second handshake on the same connection (renegotiation)",
                "have it switched off there, or use TLSv1.3, which has none: " + Setting.TLS_PROTOCOLS,
                null);
    }

    /** The connection ended before the handshake did. */
    public static Throwable ended(String host, int port) {
        return new IOException("connection to " + host + ":" + port
                + " closed by the other side during the TLS handshake; a firewall, or a listener without TLS: check"
                + " its port and " + Setting.SECURITY_PROTOCOL);
    }

    /** JSSE wraps what the network did into its own exceptions, too. */
    private static boolean isTls(Throwable cause) {
        boolean tls = false;
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                tls = true;
            } else if (each instanceof IOException) {
                return false;
            }
        }
        return tls;
    }

    private static @Nullable String alertOf(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            Matcher matcher = ALERT.matcher(String.valueOf(each.getMessage()));
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }

    /** This side refused. */
    private static Throwable ours(String host, String peer, Throwable cause) {
        Throwable why = deepest(cause);
        if (why instanceof CertificateExpiredException || why instanceof CertificateNotYetValidException) {
            return refusal(
                    peer,
                    "the broker's certificate, or one above it, is not valid now: " + text(why),
                    "have it renewed, or set the clock",
                    cause);
        }
        if (why instanceof CertPathBuilderException || why instanceof CertPathValidatorException) {
            return refusal(
                    peer,
                    "the broker's certificate is not trusted: " + text(why),
                    "add the authority that issued it to " + TRUST,
                    cause);
        }
        if (why instanceof CertificateException && isAboutTheName(why)) {
            return refusal(
                    peer,
                    "the broker's certificate is not for the name it was reached by, " + host + ": " + text(why),
                    "use a name that is in the certificate (" + Setting.BOOTSTRAP_SERVERS
                            + ", or advertised.listeners of the brokers), or have the name added to it",
                    cause);
        }
        if (why instanceof AEADBadTagException) {
            // A JDK whose side of TLS 1.3 refuses the client's certificate may send its alert under another key.
            return refusal(
                    peer,
                    "what the broker sent cannot be decrypted: " + text(why),
                    "older brokers refuse a certificate of the client in this way: check " + KEY
                            + ", or allow TLSv1.2 only to see the reason: " + Setting.TLS_PROTOCOLS,
                    cause);
        }
        return refusal(
                peer,
                text(cause),
                "compare " + Setting.TLS_PROTOCOLS + " and " + Setting.TLS_CIPHER_SUITES + " with those of the broker",
                cause);
    }

    /** JSSE says so in words only. */
    private static boolean isAboutTheName(Throwable why) {
        String text = text(why).toLowerCase(Locale.ROOT);
        return text.contains("subject alternative") || text.contains("no name matching") || text.contains("hostname");
    }

    /** The broker refused. */
    private static Throwable theirs(String peer, String alert, Throwable cause, boolean hasKeys) {
        if (ABOUT_OUR_CERTIFICATE.contains(alert)) {
            return hasKeys
                    ? refusal(
                            peer,
                            "the broker does not accept the client's certificate: alert=" + alert,
                            "have it issued by an authority the brokers trust, or renewed: " + KEY,
                            cause)
                    : refusal(
                            peer,
                            "the broker wants a certificate of the client, which has none: alert=" + alert,
                            "give it one by " + KEY,
                            cause);
        }
        if (alert.equals("handshake_failure") && !hasKeys) {
            return refusal(
                    peer,
                    "the broker refuses: alert=" + alert,
                    "if it wants a certificate of the client, give it one by " + KEY + "; else compare "
                            + Setting.TLS_PROTOCOLS + " and " + Setting.TLS_CIPHER_SUITES + " with those of the broker",
                    cause);
        }
        return refusal(
                peer,
                "the broker refuses: alert=" + alert,
                "compare " + Setting.TLS_PROTOCOLS + " and " + Setting.TLS_CIPHER_SUITES + " with those of the broker",
                cause);
    }

    private static Throwable refusal(String peer, String problem, String remedy, @Nullable Throwable cause) {
        return new TlsHandshakeException(
                "TLS handshake with " + peer + " failed: " + problem + "; " + remedy,
                FailureDetails.local(Stage.NONE, Recovery.CHANGE_CONFIGURATION),
                cause);
    }

    /** What is at the bottom: the layers above only repeat it. */
    private static Throwable deepest(Throwable cause) {
        Throwable deepest = cause;
        for (Throwable next = cause.getCause(); next != null; next = next.getCause()) {
            deepest = next;
        }
        return deepest;
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
