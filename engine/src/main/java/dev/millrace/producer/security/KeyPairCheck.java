package dev.millrace.producer.security;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * Whether private keys belong to the certificates beside them. Files of a pair are not replaced at the same moment, and JSSE
 * would only find out in a handshake.
 */
final class KeyPairCheck {

    private static final byte[] SAMPLE = {1, 2, 3, 4, 5, 6, 7, 8};

    private KeyPairCheck() {}

    static void check(String what, KeyMaterial.Loaded loaded) throws GeneralSecurityException {
        KeyStore store = loaded.store();
        int keys = 0;
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && key(what, loaded, alias) instanceof PrivateKey key) {
                keys++;
                if (!fits(key, store.getCertificate(alias).getPublicKey())) {
                    throw new GeneralSecurityException(
                            what + " has a private key that does not belong to its certificate; replace both together");
                }
            }
        }
        if (keys == 0) {
            throw new GeneralSecurityException(what + " has no private key");
        }
    }

    private static @Nullable Key key(String what, KeyMaterial.Loaded loaded, String alias)
            throws GeneralSecurityException {
        try {
            return loaded.store().getKey(alias, loaded.password());
        } catch (UnrecoverableKeyException e) {
            throw new GeneralSecurityException(
                    what + " has a key that cannot be decrypted; check the password of the key", e);
        }
    }

    private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = signatureOf(key.getAlgorithm());
        if (algorithm == null) {
            return true; // nobody here knows how to tell
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }

    private static @Nullable String signatureOf(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "DSA" -> "SHA256withDSA";
            case "EdDSA" -> "EdDSA";
            default -> null;
        };
    }
}
