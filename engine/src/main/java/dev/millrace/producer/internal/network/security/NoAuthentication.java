package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.security.SaslMechanism;

/** Connections that tell nobody who the client is. */
final class NoAuthentication implements Authentication {

    @Override
    public boolean isRequired() {
        return false;
    }

    @Override
    public SaslMechanism mechanism() {
        throw nothing();
    }

    @Override
    public void logIn(String host, LoginWaiter waiter) {
        throw nothing();
    }

    @Override
    public void evaluate(SaslExchange exchange, byte[] challenge, ReplyWaiter waiter) {
        throw nothing();
    }

    @Override
    public void refused(LoggedIn login) {
        throw nothing();
    }

    @Override
    public long renewalNanos(long sessionNanos) {
        throw nothing();
    }

    @Override
    public String obstacle() {
        return "";
    }

    @Override
    public void listen(Listener listener) {
        // nothing ever changes
    }

    @Override
    public void start() {
        // nothing to listen for
    }

    @Override
    public void close() {
        // nothing was opened
    }

    private static IllegalStateException nothing() {
        return new IllegalStateException("connections of this cluster do not authenticate");
    }
}
