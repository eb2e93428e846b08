package dev.millrace.producer.internal.network;

import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Sends its certificate whether or not the server trusts who has issued it. */
final class InsistentKeyManager extends X509ExtendedKeyManager {

    private static final String ALIAS = "key";

    private final X509Bundle bundle;

    InsistentKeyManager(X509Bundle bundle) {
        this.bundle = bundle;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return ALIAS;
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return ALIAS;
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return bundle.getCertificatePathWithRoot();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return bundle.getKeyPair().getPrivate();
    }
}
