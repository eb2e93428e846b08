package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.TlsHandshakeException;
import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsFailuresTest {

    private static Throwable explained(Throwable cause, boolean hasKeys) {
        return TlsFailures.explain("b1", 9093, cause, hasKeys);
    }

    private static SSLException alert(String name) {
        return new SSLHandshakeException("Received fatal alert: " + name);
    }

    private static SSLException because(Throwable cause) {
        return (SSLException) new SSLHandshakeException("no").initCause(new CertificateException("no", cause));
    }

    @Test
    void namesWhatIsWrongWithTheBrokersCertificate() {
        assertThat(explained(because(new CertificateExpiredException("NotAfter")), true))
                .hasMessageContaining("is not valid now: NotAfter");
        assertThat(explained(because(new CertificateNotYetValidException("NotBefore")), true))
                .hasMessageContaining("is not valid now: NotBefore");
        assertThat(explained(because(new CertPathBuilderException("no path")), true))
                .hasMessageContaining("is not trusted: no path");
        assertThat(explained(because(new CertPathValidatorException("no anchor")), true))
                .hasMessageContaining("is not trusted: no anchor");
    }

    @Test
    void tellsAMissingCertificateOfTheClientFromOneThatIsNotAccepted() {
        assertThat(explained(alert("bad_certificate"), false))
                .hasMessageContaining("the broker wants a certificate of the client, which has none");
        assertThat(explained(alert("certificate_unknown"), true))
                .hasMessageContaining("the broker does not accept the client's certificate: alert=certificate_unknown");
        assertThat(explained(alert("handshake_failure"), false))
                .hasMessageContaining("if it wants a certificate of the client, give it one by");
        assertThat(explained(alert("handshake_failure"), true))
                .hasMessageContaining("alert=handshake_failure; compare");
    }

    /** A broker that restarts must not look like a wrong certificate. */
    @Test
    void whatMerelyBreaksIsNoRefusal() {
        SSLException wrapped = new SSLException("Connection reset", new SocketException("Connection reset"));

        for (Throwable broken : List.of(wrapped, new SocketException("Connection reset"))) {
            assertThat(explained(broken, true))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("broke during the TLS handshake: Connection reset");
        }
    }

    /** Brokers of 2.8 on JDK 17 refuse a client without a certificate so. */
    @Test
    void whatCannotBeDecryptedMayBeARefusalOfTheClientsCertificate() {
        SSLException garbled = new SSLException("Tag mismatch!", new AEADBadTagException("Tag mismatch!"));

        assertThat(TlsFailures.explain("b1", 9093, garbled, false))
                .isInstanceOf(TlsHandshakeException.class)
                .hasMessageContaining("b1:9093")
                .hasMessageContaining("cannot be decrypted: Tag mismatch!")
                .hasMessageContaining("refuse a certificate of the client")
                .hasMessageContaining("ssl.keystore.location")
                .hasMessageContaining("TLSv1.2");
    }
}
