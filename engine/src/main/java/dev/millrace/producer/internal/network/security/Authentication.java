package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.security.SaslMechanism;

/** How the connections of a cluster prove who the client is, shared by all of them. */
@EventLoopOnly
public interface Authentication {

    /** They do not. */
    Authentication NONE = new NoAuthentication();

    /** Whether a connection has to authenticate before anything else travels. */
    boolean isRequired();

    /** The mechanism, if one is required. */
    SaslMechanism mechanism();

    /**
     * Fetches what there is to authenticate with and computes the first token.
     *
     * @param host the broker, for mechanisms that want to know
     * @param waiter hears of it on the event loop, perhaps from within this call
     */
    void logIn(String host, LoginWaiter waiter);

    /**
     * Has the mechanism look at a token of the broker.
     *
     * @param waiter hears of it on the event loop, never from within this call
     */
    void evaluate(SaslExchange exchange, byte[] challenge, ReplyWaiter waiter);

    /** A broker did not take what {@link LoginWaiter#onLoggedIn} brought: before it is used again its source is asked. */
    void refused(LoggedIn login);

    /** When to authenticate again in a session of this length, nanoseconds after its beginning. */
    long renewalNanos(long sessionNanos);

    /** What keeps it from having credentials, for messages; empty if nothing. */
    String obstacle();

    /** Has changes told to a listener, the only one. */
    void listen(Listener listener);

    /** Begins to listen for changes of the credentials; asks for none yet. Any thread. */
    void start();

    /** Asks no supplier any more. Any thread. */
    void close();

    /** Hears of other credentials, on the event loop. */
    interface Listener {

        /** An authentication that failed before may succeed now. */
        void onUsable();

        /** As {@link #onUsable}, and connections were authenticated with credentials that do not hold any more. */
        void onReplaced();
    }

    /** Takes the beginning of an authentication. */
    interface LoginWaiter {

        /** It can begin. */
        void onLoggedIn(LoggedIn login);

        /** It cannot. */
        void onProblem(SaslProblem problem);
    }

    /** Takes what the mechanism answers. */
    interface ReplyWaiter {

        /** It goes on. */
        void onReply(SaslReply reply);

        /** It ends badly. */
        void onProblem(SaslProblem problem);
    }
}
