package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.config.LoginRefreshConfig;
import dev.millrace.producer.config.SaslConfig;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.ietf.jgss.GSSCredential;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authentication by SASL: one login for all connections, one exchange for each authentication. */
public final class SaslAuthentication implements Authentication {

    private static final Logger LOG = LoggerFactory.getLogger(SaslAuthentication.class);

    private static final double EARLIEST_RENEWAL = 0.85; // of a session's life, KIP-368
    private static final double LATEST_RENEWAL = 0.95;

    private final SaslConfig config;
    private final LoginParts parts;
    private final EventLoop loop;
    private final @Nullable Login login; // null where nothing is kept between two authentications
    private final Secret.@Nullable Source source; // null likewise

    private final AtomicReference<@Nullable AutoCloseable> subscription = new AtomicReference<>();

    private @Nullable Listener listener;
    private volatile boolean closed;

    private SaslAuthentication(SaslConfig config, LoginParts parts, Secret.@Nullable Source source) {
        this.config = config;
        this.parts = parts;
        this.loop = parts.loop();
        this.source = source;
        login = source == null ? null : new Login(source, refresh(config.loginRefresh()), parts, new Changes());
    }

    /** As configured. Does nothing before {@link #start}. */
    public static SaslAuthentication of(SaslConfig config, LoginParts parts) {
        Secret.Source source = null;
        if (config.credentials() != null) {
            source = new Secret.Passwords(config.credentials());
        } else if (config.tokens() != null) {
            source = new Secret.Bearers(config.tokens());
        }
        return new SaslAuthentication(config, parts, source);
    }

    private static LoginRefresh refresh(LoginRefreshConfig config) {
        return new LoginRefresh(
                config.windowFactor(),
                config.windowJitter(),
                config.minPeriod().toMillis(),
                config.buffer().toMillis());
    }

    @Override
    public void start() {
        if (source != null && login != null) {
            parts.executor().execute(() -> subscribe(source, login));
        }
    }

    private void subscribe(Secret.Source to, Login told) {
        try {
            subscription.set(to.onChange(() -> onLoop(told::changed)));
        } catch (RuntimeException e) { // user code
            LOG.warn("{} changes of credentials will not be heard of: {}", parts.logPrefix(), e.toString());
        }
        if (closed) {
            unsubscribe(); // the close may have looked before it was there
        }
    }

    private void unsubscribe() {
        AutoCloseable ended = subscription.getAndSet(null);
        if (ended == null) {
            return;
        }
        try {
            ended.close();
        } catch (Exception e) { // user code
            LOG.warn("{} supplier of credentials cannot be told to end: {}", parts.logPrefix(), e.toString());
        }
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    @Override
    public SaslMechanism mechanism() {
        return config.mechanism();
    }

    @Override
    public void logIn(String host, LoginWaiter waiter) {
        Login kept = login;
        if (kept == null) {
            begin(() -> ticketExchange(host), null, waiter);
            return;
        }
        kept.get(new Login.Waiter() {
            @Override
            public void onSecret(Secret secret) {
                begin(() -> secret.exchange(config.mechanism()), secret, waiter);
            }

            @Override
            public void onProblem(SaslProblem problem) {
                waiter.onProblem(problem);
            }
        });
    }

    private void begin(Callable<SaslExchange> made, @Nullable Secret secret, LoginWaiter waiter) {
        compute(
                () -> {
                    SaslExchange exchange = made.call();
                    return new LoggedIn(exchange, exchange.begin(), secret);
                },
                waiter::onLoggedIn,
                waiter::onProblem);
    }

    /** On a thread of the executor. */
    private SaslExchange ticketExchange(String host) throws SaslProblem {
        KerberosCredentialSupplier supplier = config.kerberos();
        GSSCredential credential = null;
        if (supplier != null) {
            try {
                credential = supplier.get();
            } catch (Exception | Error e) { // user code; a connection waits for the answer
                throw SaslProblem.noCredentials(
                        "no credentials from " + supplier.name() + ": " + e,
                        "see to it that it gives a Kerberos credential; it is asked again",
                        e);
            }
        }
        return new GssapiExchange(config.kerberosServiceName(), host, credential);
    }

    @Override
    public void evaluate(SaslExchange exchange, byte[] challenge, ReplyWaiter waiter) {
        compute(() -> exchange.answer(challenge), waiter::onReply, waiter::onProblem);
    }

    /** Computes away from the loop and brings the result back to it. */
    private <T> void compute(Callable<T> work, Consumer<T> then, Consumer<SaslProblem> otherwise) {
        try {
            parts.executor().execute(() -> {
                Runnable outcome;
                try {
                    T result = work.call();
                    outcome = () -> then.accept(result);
                } catch (SaslProblem problem) {
                    outcome = () -> otherwise.accept(problem);
                } catch (Exception | Error e) { // a connection waits for the answer
                    SaslProblem problem =
                            SaslProblem.noCredentials("the mechanism failed: " + e, "please report the error", e);
                    outcome = () -> otherwise.accept(problem);
                }
                onLoop(outcome);
            });
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} closed while authenticating", parts.logPrefix());
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.debug("{} event loop ended while authenticating", parts.logPrefix());
        }
    }

    @Override
    public void refused(LoggedIn used) {
        if (login != null && used.secret() instanceof Secret secret) {
            login.refused(secret);
        }
    }

    @Override
    public long renewalNanos(long sessionNanos) {
        double part = EARLIEST_RENEWAL
                + (LATEST_RENEWAL - EARLIEST_RENEWAL) * parts.random().nextDouble();
        return (long) (sessionNanos * part);
    }

    @Override
    public String obstacle() {
        return login == null ? "" : login.obstacle();
    }

    @Override
    public void listen(Listener told) {
        listener = told;
    }

    @Override
    public void close() {
        closed = true;
        if (login != null) {
            onLoop(login::close);
            parts.executor().execute(this::unsubscribe);
        }
    }

    /** Passes on what the login tells. */
    private final class Changes implements Listener {

        @Override
        public void onUsable() {
            if (listener != null) {
                listener.onUsable();
            }
        }

        @Override
        public void onReplaced() {
            if (listener != null) {
                listener.onReplaced();
            }
        }
    }
}
