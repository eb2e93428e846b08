package dev.millrace.producer.security;

import org.ietf.jgss.GSSCredential;

/**
 * Gives the Kerberos credential that authenticates the client. Asked on a thread of its own before every authentication,
 * so it is the place to renew a ticket.
 */
@FunctionalInterface
public interface KerberosCredentialSupplier {

    /**
     * A credential that can initiate contexts.
     *
     * @throws Exception if there is none now; the attempt is repeated after a pause
     */
    GSSCredential get() throws Exception;

    /** What messages call it; without secrets. */
    default String name() {
        return getClass().getName();
    }
}
