package dev.millrace.producer.internal;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.UserCredentials;
import org.jspecify.annotations.Nullable;

/** Credentials that a test changes, or takes away. */
final class ChangingCredentials implements CredentialsSupplier {

    private @Nullable UserCredentials current;
    private @Nullable Runnable listener;
    private boolean throwing;
    int calls;

    ChangingCredentials(String user, String password) {
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
    void become(String user, String password) {
        current = UserCredentials.of(user, password);
        throwing = false;
    }

    /** As {@link #become}, and tells. */
    void change(String user, String password) {
        become(user, password);
        if (listener != null) {
            listener.run();
        }
    }

    void beginThrowing() {
        throwing = true;
    }

    boolean isListenedTo() {
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
