package dev.millrace.producer.internal;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.OnDemandExecutor;
import dev.millrace.producer.internal.network.ConnectionRenewal;
import dev.millrace.producer.internal.network.NettyTransport;
import dev.millrace.producer.internal.network.security.TlsEngines;
import dev.millrace.producer.internal.network.security.TlsReload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS of a shared cluster: material that is loaded, and the threads for work that must not hold up the loop. */
final class TlsSide implements AutoCloseable {

    private static final String CHANGE = "TLS material has changed";

    private final TlsEngines engines;
    private final TlsReload reload;
    private final OnDemandExecutor threads;
    private final boolean replacesConnections;

    private TlsSide(TlsEngines engines, TlsReload reload, OnDemandExecutor threads, boolean replacesConnections) {
        this.engines = engines;
        this.reload = reload;
        this.threads = threads;
        this.replacesConnections = replacesConnections;
    }

    /**
     * Loads what the configuration describes, on this thread; null without TLS.
     *
     * @throws ConfigException if it cannot be used
     */
    static @Nullable TlsSide load(ProducerConfig config) {
        TlsConfig tls = config.security().tls();
        if (tls == null) {
            return null;
        }
        TlsReload reload = new TlsReload("[producer=" + config.clientId() + "]", tls);
        reload.watch();
        try {
            TlsEngines engines = new TlsEngines(tls, tls.source().load());
            return new TlsSide(
                    engines,
                    reload,
                    OnDemandExecutor.forLogins(config.clientId() + "-tls"),
                    tls.source().replacesConnections());
        } catch (Exception e) { // the source may be the user's
            reload.close();
            throw unusable(e);
        }
    }

    private static ConfigException unusable(Exception cause) {
        String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new ConfigException(List.of(new ConfigException.Violation("TLS material", "", text)), cause);
    }

    NettyTransport.Tls transportPart() {
        return new NettyTransport.Tls(engines, threads);
    }

    /** From now on changes are loaded, and connections are made anew with what is new. */
    void start(EventLoop loop, ConnectionRenewal renewal) {
        reload.start(engines, threads, loop, () -> changed(renewal));
    }

    private void changed(ConnectionRenewal renewal) {
        if (replacesConnections) {
            renewal.renewAll(CHANGE);
        } else {
            renewal.endPauses(CHANGE);
        }
    }

    /** After the loop, which uses the threads. */
    @Override
    public void close() {
        reload.close();
        threads.close();
    }
}
