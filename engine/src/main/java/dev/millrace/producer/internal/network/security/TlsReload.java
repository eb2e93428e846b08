package dev.millrace.producer.internal.network.security;

import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.internal.concurrent.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads TLS material anew when its source says so, one load at a time, on a thread that may wait. What cannot be used is
 * told once, and what was in use stays.
 */
public final class TlsReload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TlsReload.class);

    private final String logPrefix;
    private final TlsConfig config;
    private final AtomicInteger changes =
            new AtomicInteger(1); // not yet loaded; the first is loaded by the opening thread
    private @Nullable AutoCloseable watch; // the opening thread only

    private volatile @Nullable Users users; // null before the first material is in use, and after the end
    private String lastProblem = ""; // of the load that runs

    /** Does nothing before {@link #watch}. */
    public TlsReload(String logPrefix, TlsConfig config) {
        this.logPrefix = logPrefix;
        this.config = config;
    }

    /** Who uses the material, and where it is loaded. */
    private record Users(TlsEngines engines, Executor loader, EventLoop loop, Runnable onChange) {}

    /** Begins to listen; before the first load, so that no change is missed. */
    public void watch() {
        watch = config.source().onChange(this::changed);
    }

    /**
     * From now on changes are loaded.
     *
     * @param onChange runs on the loop after the engines have the new material
     */
    public void start(TlsEngines engines, Executor loader, EventLoop loop, Runnable onChange) {
        users = new Users(engines, loader, loop, onChange);
        if (changes.decrementAndGet() > 0) {
            submit();
        }
    }

    private void changed() {
        if (changes.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        Users now = users;
        if (now == null) {
            return;
        }
        try {
            now.loader().execute(() -> loadAll(now));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} TLS material changed while the last producer closed", logPrefix, e);
        }
    }

    private void loadAll(Users now) {
        int seen;
        do {
            seen = changes.get();
            load(now);
        } while (changes.addAndGet(-seen) != 0);
    }

    private void load(Users now) {
        try {
            now.engines().use(config.source().load());
        } catch (Throwable e) { // the source is the user's
            tell(String.valueOf(e.getMessage() == null ? e : e.getMessage()), e);
            return;
        }
        lastProblem = "";
        try {
            now.loop().execute(now.onChange());
        } catch (RejectedExecutionException e) {
            LOG.debug("{} TLS material changed while the last producer closed", logPrefix, e);
        }
    }

    private void tell(String problem, Throwable cause) {
        if (problem.equals(lastProblem)) {
            LOG.debug("{} changed TLS material cannot be used: {}", logPrefix, problem);
            return;
        }
        lastProblem = problem;
        LOG.warn(
                "{} changed TLS material cannot be used: {}; connections go on with what they have, correct it",
                logPrefix,
                problem);
        LOG.debug("{} cause", logPrefix, cause);
    }

    /** Listens no more. */
    @Override
    public void close() {
        users = null;
        AutoCloseable open = watch;
        if (open != null) {
            try {
                open.close();
            } catch (Exception e) { // the user's
                LOG.warn("{} closing the watch of a TLS source failed", logPrefix, e);
            }
        }
    }
}
