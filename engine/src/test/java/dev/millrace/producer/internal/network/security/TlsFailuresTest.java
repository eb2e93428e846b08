package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.TlsHandshakeException;
import javax.crypto.AEADBadTagException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

class TlsFailuresTest {

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
