package dev.millrace.autoconfigure;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;

/**
 * Looks whether the private keys of a bundle belong to its certificates. While both are replaced, file by file, they do not for
 * a moment, and every handshake would fail.
 */
final class BundleKeys {

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");
    private static final byte[] PROBE = {1, 2, 3};

    private BundleKeys() {}

    static void check(SslBundle bundle) throws GeneralSecurityException {
        KeyStore store = bundle.getStores().getKeyStore();
        if (store == null) {
            return;
        }
        String password = bundle.getKey().getPassword();
        String storePassword = bundle.getStores().getKeyStorePassword();
        String used = password != null ? password : storePassword;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                Key key = store.getKey(alias, used == null ? null : used.toCharArray());
                check(key, store.getCertificate(alias));
            }
        }
    }

    private static void check(@Nullable Key key, @Nullable Certificate certificate) throws GeneralSecurityException {
        if (!(key instanceof PrivateKey privateKey) || certificate == null) {
            return;
        }
        String algorithm = SIGNATURES.get(privateKey.getAlgorithm());
        if (algorithm == null) {
            return; // the handshake will tell
        }
        PublicKey publicKey = certificate.getPublicKey();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        if (!verifies(publicKey, algorithm, signed)) {
            throw new GeneralSecurityException("its private key does not belong to its certificate");
        }
    }

    private static boolean verifies(PublicKey publicKey, String algorithm, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherAlgorithm) {
            return false; // the key of an RSA certificate cannot check what one for elliptic curves has signed
        }
    }
}
