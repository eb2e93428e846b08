package dev.millrace.producer.config;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.TokenSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How the client proves who it is. Made by {@link ProducerConfig.Builder}, which checks; shows no secret. Producers share a
 * cluster only if theirs are equal.
 *
 * @param mechanism the way it does
 * @param credentials user and password; null unless the mechanism needs them
 * @param tokens bearer tokens; null unless the mechanism needs them
 * @param kerberos the Kerberos credential; null for the JVM's ticket cache, and for other mechanisms
 * @param kerberosServiceName first part of the brokers' Kerberos principals; empty for other mechanisms
 * @param loginRefresh when a new token is fetched
 */
public record SaslConfig(
        SaslMechanism mechanism,
        @Nullable CredentialsSupplier credentials,
        @Nullable TokenSupplier tokens,
        @Nullable KerberosCredentialSupplier kerberos,
        String kerberosServiceName,
        LoginRefreshConfig loginRefresh) {

    /** Without the suppliers, whose text is their authors'. */
    @Override
    public String toString() {
        return "SaslConfig[mechanism=" + mechanism + ", kerberosServiceName=" + kerberosServiceName + ", loginRefresh="
                + loginRefresh + "]";
    }
}
