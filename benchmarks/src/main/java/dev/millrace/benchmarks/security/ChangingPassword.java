package dev.millrace.benchmarks.security;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.UserCredentials;
import org.jspecify.annotations.Nullable;

/** The credentials of the producer, which change once; any thread. */
final class ChangingPassword implements CredentialsSupplier {

    private final String user;
    private volatile String password;
    private volatile @Nullable Runnable listener; // null unless a producer is open

    ChangingPassword(String user, String password) {
        this.user = user;
        this.password = password;
    }

    void become(String next) {
        password = next;
        Runnable told = listener;
        if (told != null) {
            told.run();
        }
    }

    @Override
    public UserCredentials get() {
        return UserCredentials.of(user, password);
    }

    @Override
    public AutoCloseable onChange(Runnable told) {
        listener = told;
        return () -> listener = null;
    }
}
