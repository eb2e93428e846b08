package dev.millrace.producer.internal;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.UserCredentials;
import org.jspecify.annotations.Nullable;

/** Credentials that a test changes, or takes away, from any thread; calls are counted for one. */
public final class ChangingCredentials implements CredentialsSupplier {

    private volatile @Nullable UserCredentials current;
    private volatile @Nullable Runnable listener;
    private volatile boolean throwing;
    int calls;

    /** These, for the time being. */
    public ChangingCredentials(String user, String password) {
        current = UserCredentials.of(user, password);
    }

    @Override
    public UserCredentials get() {
        calls++;
        UserCredentials known = current;
        if (throwing || known == null) {
            throw new IllegalStateException("vault sealed");
        }
        return known;
    }

    /** From now on it gives these, without a word to anybody. */
    public void become(String user, String password) {
        current = UserCredentials.of(user, password);
        throwing = false;
    }

    /** As {@link #become}, and tells. */
    public void change(String user, String password) {
        become(user, password);
        Runnable told = listener;
        if (told != null) {
            told.run();
        }
    }

    void beginThrowing() {
        throwing = true;
    }

    /** Whether somebody waits for changes. */
    public boolean isListenedTo() {
        return listener != null;
    }

    @Override
    public AutoCloseable onChange(Runnable told) {
        listener = told;
        return () -> listener = null;
    }

    @Override
    public String name() {
        return "vault";
    }
}
