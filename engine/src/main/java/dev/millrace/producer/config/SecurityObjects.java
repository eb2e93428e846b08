package dev.millrace.producer.config;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TokenSupplier;
import org.jspecify.annotations.Nullable;

/** What is given to a configuration as an object, because no text can be it. Mutable while it is collected. */
final class SecurityObjects {

    @Nullable TlsSource tls; // null if not given

    @Nullable CredentialsSupplier credentials; // null if not given

    @Nullable TokenSupplier tokens; // null if not given

    @Nullable KerberosCredentialSupplier kerberos; // null if not given

    /** Whether somebody has said whom to trust or what to prove the client with. */
    boolean hasTls(SettingValues values) {
        return tls != null || TlsSettings.hasMaterial(values);
    }

    SecurityObjects copy() {
        SecurityObjects copy = new SecurityObjects();
        copy.tls = tls;
        copy.credentials = credentials;
        copy.tokens = tokens;
        copy.kerberos = kerberos;
        return copy;
    }
}
