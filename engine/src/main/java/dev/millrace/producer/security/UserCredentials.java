package dev.millrace.producer.security;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user and a password, or a delegation token and its HMAC (KIP-48). Immutable; shows no secret. */
public final class UserCredentials {

    private final String user;
    private final char[] password;
    private final boolean delegationToken;

    private UserCredentials(String user, char[] password, boolean delegationToken) {
        this.user = Objects.requireNonNull(user, "user must not be null");
        this.password =
                Objects.requireNonNull(password, "password must not be null").clone();
        this.delegationToken = delegationToken;
        refuse(user.isEmpty() || this.password.length == 0, "user and password must not be empty");
        refuse(user.indexOf('\0') >= 0, "a user must not contain the character 0");
        for (char each : this.password) {
            refuse(each == '\0', "a password must not contain the character 0");
        }
    }

    /**
     * A user and a password, taken as they are: no character is normalized.
     *
     * @throws IllegalArgumentException if one is empty or contains the character 0
     */
    public static UserCredentials of(String user, String password) {
        return new UserCredentials(user, password.toCharArray(), false);
    }

    /** As {@link #of(String, String)}; copies the password. */
    public static UserCredentials of(String user, char[] password) {
        return new UserCredentials(user, password, false);
    }

    /**
     * A delegation token, for the SCRAM mechanisms.
     *
     * @param tokenId the token's id
     * @param hmac its HMAC in Base64, as the broker gave it
     * @throws IllegalArgumentException if one is empty or contains the character 0
     */
    public static UserCredentials ofDelegationToken(String tokenId, String hmac) {
        return new UserCredentials(tokenId, hmac.toCharArray(), true);
    }

    /** The user's name, or the id of the delegation token. */
    public String user() {
        return user;
    }

    /** The password, or the HMAC of the delegation token; a copy. */
    public char[] password() {
        return password.clone();
    }

    /** Whether this is a delegation token. */
    public boolean isDelegationToken() {
        return delegationToken;
    }

    private static void refuse(boolean isWrong, String reason) {
        if (isWrong) {
            throw new IllegalArgumentException(reason);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UserCredentials that
                && user.equals(that.user)
                && Arrays.equals(password, that.password)
                && delegationToken == that.delegationToken;
    }

    @Override
    public int hashCode() {
        return 31 * user.hashCode() + Arrays.hashCode(password);
    }

    /** The user only. */
    @Override
    public String toString() {
        return "UserCredentials[user=" + user + ", password=***" + (delegationToken ? ", delegation token" : "") + "]";
    }
}
