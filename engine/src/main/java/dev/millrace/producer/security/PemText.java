package dev.millrace.producer.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys in PEM (RFC 7468), of which line ends may have been lost on the way. Keys are PKCS#8, as they are or
 * encrypted (RFC 5958, RFC 8018).
 */
final class PemText {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

    private PemText() {}

    private static final class Block {

        private final String label;
        private final byte[] bytes;

        Block(String label, byte[] bytes) {
            this.label = label;
            this.bytes = bytes;
        }

        String label() {
            return label;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** All certificates in the text, in order, at least one; other blocks are skipped. */
    static List<Certificate> certificates(String what, String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> found = new ArrayList<>();
        for (Block block : blocks(what, text)) {
            if (block.label().equals(CERTIFICATE)) {
                found.add(factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
            }
        }
        if (found.isEmpty()) {
            throw new GeneralSecurityException(
                    what + " has no certificate; it must have a block that begins with -----BEGIN CERTIFICATE-----");
        }
        return found;
    }

    /** The one private key in the text. */
    static PrivateKey privateKey(String what, String text, @Nullable String password) throws GeneralSecurityException {
        List<Block> keys = blocks(what, text).stream()
                .filter(block -> block.label().endsWith(KEY))
                .toList();
        if (keys.size() != 1) {
            throw new GeneralSecurityException(what + " has " + keys.size() + " private keys; it must have one");
        }
        Block block = keys.get(0);
        return switch (block.label()) {
            case KEY -> privateKey(what, new PKCS8EncodedKeySpec(block.bytes()));
            case ENCRYPTED_KEY -> privateKey(what, decrypted(what, block.bytes(), password));
            default ->
                throw new GeneralSecurityException(
                        what + " has a key in the form " + block.label() + "; convert it with openssl pkcs8 -topk8");
        };
    }

    private static List<Block> blocks(String what, String text) throws GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException(what + " has a block that is not Base64", e);
            }
        }
        return blocks;
    }

    private static PKCS8EncodedKeySpec decrypted(String what, byte[] bytes, @Nullable String password)
            throws GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException(what + " is encrypted and there is no password for the key");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
            // PBES2 is a frame: which scheme is in it only the text of its parameters tells
            String parameters = String.valueOf(info.getAlgParameters());
            String algorithm = parameters.startsWith("PBEWith") ? parameters : info.getAlgName();
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
            Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(spec);
            spec.clearPassword();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return info.getKeySpec(cipher);
        } catch (NoSuchAlgorithmException e) {
            throw new GeneralSecurityException(
                    what + " is encrypted in a way this JVM does not know: " + e.getMessage()
                            + "; encrypt it with openssl pkcs8 -topk8 -v2 aes-256-cbc",
                    e);
        } catch (IOException | GeneralSecurityException e) {
            throw new GeneralSecurityException(what + " cannot be decrypted; check the password of the key", e);
        }
    }

    private static PrivateKey privateKey(String what, PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        InvalidKeySpecException last = null;
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                last = e; // a key of another algorithm
            }
        }
        throw new GeneralSecurityException(
                what + " has a key that is none of " + String.join(", ", KEY_ALGORITHMS), last);
    }
}
