package dev.millrace.producer.security;

import java.util.Objects;

/**
 * Credentials that stay what they are; equal if the credentials are.
 *
 * @param credentials shows no secret by itself
 */
record FixedCredentials(UserCredentials credentials) implements CredentialsSupplier {

    FixedCredentials {
        Objects.requireNonNull(credentials, "credentials must not be null");
    }

    @Override
    public UserCredentials get() {
        return credentials;
    }

    @Override
    public String name() {
        return "the configured user and password";
    }
}
