package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.Token;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What a client authenticates with: makes the client's half of one authentication. Two are equal if a broker could not
 * tell them apart; shows nothing of what it holds.
 */
interface Secret {

    /** For the connection to one broker. */
    SaslExchange exchange(SaslMechanism mechanism);

    /** When it ends, in milliseconds since the epoch; null if that is not known. */
    @Nullable Long endsAtMillis();

    /**
     * A user and a password.
     *
     * @param credentials shows no secret by itself
     */
    record Password(UserCredentials credentials) implements Secret {

        @Override
        public SaslExchange exchange(SaslMechanism mechanism) {
            return mechanism == SaslMechanism.PLAIN
                    ? new PlainExchange(credentials)
                    : new ScramExchange(mechanism, credentials);
        }

        @Override
        public @Nullable Long endsAtMillis() {
            return null;
        }
    }

    /**
     * A bearer token.
     *
     * @param token shows no secret by itself
     */
    record Bearer(Token token) implements Secret {

        @Override
        public SaslExchange exchange(SaslMechanism mechanism) {
            return new OAuthBearerExchange(token);
        }

        @Override
        public @Nullable Long endsAtMillis() {
            return token.expiresAt() == null ? null : token.expiresAt().toEpochMilli();
        }
    }

    /** Where it comes from. */
    interface Source {

        /** Fetches it; may wait, and is user code. */
        Secret fetch() throws Exception;

        /** What messages call it. */
        String name();

        /** Has changes told; see {@link CredentialsSupplier#onChange}. */
        AutoCloseable onChange(Runnable listener);
    }

    /**
     * Of a supplier of passwords.
     *
     * @param supplier user code
     */
    record Passwords(CredentialsSupplier supplier) implements Source {

        @Override
        public Secret fetch() throws Exception {
            return new Password(supplier.get());
        }

        @Override
        public String name() {
            return supplier.name();
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return supplier.onChange(listener);
        }
    }

    /**
     * Of a supplier of tokens, which tells no changes: the end of a token does.
     *
     * @param supplier user code
     */
    record Bearers(TokenSupplier supplier) implements Source {

        @Override
        public Secret fetch() throws Exception {
            return new Bearer(supplier.get());
        }

        @Override
        public String name() {
            return supplier.name();
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }
    }
}
