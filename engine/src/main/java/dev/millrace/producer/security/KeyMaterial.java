package dev.millrace.producer.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What keys or trusted authorities are read from. Shows no secrets; equal if everything is, secrets included. */
sealed interface KeyMaterial {

    String IN_MEMORY = "PKCS12";
    char[] NO_PASSWORD = {};

    /** What it is, for messages. */
    String name();

    /** The files it is read from. */
    List<Path> files();

    /** Everything in it, as a store. May block. */
    Loaded load(@Nullable String keyPassword) throws GeneralSecurityException, IOException;

    /** A store, and the password of the keys in it. */
    final class Loaded {

        private final KeyStore store;
        private final char[] password;

        Loaded(KeyStore store, char[] password) {
            this.store = store;
            this.password = password;
        }

        KeyStore store() {
            return store;
        }

        char[] password() {
            return password;
        }
    }

    /** A store in a file, of a type JSSE knows. */
    record StoreFile(Path file, String type, @Nullable String password) implements KeyMaterial {

        @Override
        public String name() {
            return "store " + file + " of type " + type;
        }

        @Override
        public List<Path> files() {
            return List.of(file);
        }

        @Override
        public Loaded load(@Nullable String keyPassword) throws GeneralSecurityException, IOException {
            KeyStore store = KeyStore.getInstance(type);
            String effective = keyPassword == null ? password : keyPassword;
            byte[] bytes = read(name(), file);
            try {
                store.load(new ByteArrayInputStream(bytes), password == null ? null : password.toCharArray());
            } catch (IOException | GeneralSecurityException e) {
                throw new GeneralSecurityException(
                        name() + " cannot be read: " + e.getMessage() + "; check its type and password", e);
            }
            return new Loaded(store, effective == null ? NO_PASSWORD : effective.toCharArray());
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** Trusted certificates in PEM: text, or a file of it. */
    record PemCertificates(@Nullable Path file, String text) implements KeyMaterial {

        @Override
        public String name() {
            return file == null ? "trusted certificates in PEM" : "file " + file;
        }

        @Override
        public List<Path> files() {
            return file == null ? List.of() : List.of(file);
        }

        @Override
        public Loaded load(@Nullable String keyPassword) throws GeneralSecurityException, IOException {
            KeyStore store = KeyStore.getInstance(IN_MEMORY);
            store.load(null, null);
            int number = 0;
            for (Certificate each : PemText.certificates(name(), file == null ? text : readText(name(), file))) {
                store.setCertificateEntry("trusted-" + number++, each);
            }
            return new Loaded(store, NO_PASSWORD);
        }

        @Override
        public String toString() {
            return name();
        }
    }

    /** A private key and its chain in PEM: text, or files of it, which may be the same. */
    record PemKey(@Nullable Path keyFile, @Nullable Path chainFile, String key, String chain) implements KeyMaterial {

        @Override
        public String name() {
            return keyFile == null ? "private key in PEM" : "file " + keyFile;
        }

        @Override
        public List<Path> files() {
            return keyFile == null || chainFile == null ? List.of() : List.of(keyFile, chainFile);
        }

        @Override
        public Loaded load(@Nullable String keyPassword) throws GeneralSecurityException, IOException {
            String chainName = chainFile == null ? "certificate chain in PEM" : "file " + chainFile;
            String keyText = keyFile == null ? key : readText(name(), keyFile);
            String chainText = chainFile == null ? chain : readText(chainName, chainFile);
            PrivateKey privateKey = PemText.privateKey(name(), keyText, keyPassword);
            List<Certificate> certificates = PemText.certificates(chainName, chainText);
            KeyStore store = KeyStore.getInstance(IN_MEMORY);
            store.load(null, null);
            store.setKeyEntry("key", privateKey, NO_PASSWORD, certificates.toArray(new Certificate[0]));
            return new Loaded(store, NO_PASSWORD);
        }

        @Override
        public String toString() {
            return name();
        }
    }

    private static String readText(String name, Path file) throws IOException {
        return new String(read(name, file), StandardCharsets.UTF_8);
    }

    private static byte[] read(String name, Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(name + " does not exist", e);
        } catch (IOException e) {
            throw new IOException(name + " cannot be read: " + e, e);
        }
    }
}
