package dev.millrace.producer.security;

/** The sources of TLS material that are built in. */
public final class TlsSources {

    private TlsSources() {}

    /** The authorities the JVM trusts, and no certificate of the client's. Equal to every other one. */
    public static TlsSource jvmDefault() {
        return JvmDefault.SOURCE;
    }

    /** A constant, so that all producers that use it share. */
    private enum JvmDefault implements TlsSource {
        SOURCE;

        @Override
        public TlsMaterial load() throws java.security.GeneralSecurityException {
            return TlsMaterial.jvmDefault();
        }

        @Override
        public String toString() {
            return "JVM default";
        }
    }
}
