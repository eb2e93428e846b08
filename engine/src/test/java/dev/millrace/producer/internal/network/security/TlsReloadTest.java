package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.EndpointIdentification;
import dev.millrace.producer.config.TlsConfig;
import dev.millrace.producer.internal.simulation.CapturedLog;
import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import dev.millrace.producer.security.TlsMaterial;
import dev.millrace.producer.security.TlsSource;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TlsReloadTest {

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final Queue<Runnable> loads = new ArrayDeque<>();
    private final List<String> renewals = new ArrayList<>();
    private final Source source = new Source();
    private final TlsConfig config = new TlsConfig(source, EndpointIdentification.HTTPS, List.of(), List.of());
    private final TlsReload reload = new TlsReload("[test]", config);

    /** A source of the user's. */
    private static final class Source implements TlsSource {

        private @Nullable Runnable listener;
        private boolean broken;
        private List<String> protocols = List.of("TLSv1.2");
        private int loaded;
        private @Nullable Runnable duringLoad;

        @Override
        public TlsMaterial load() throws GeneralSecurityException {
            loaded++;
            if (broken) {
                throw new GeneralSecurityException("the vault is sealed");
            }
            Runnable meanwhile = duringLoad;
            duringLoad = null;
            TlsMaterial seen = TlsMaterial.jvmDefault().withProtocols(protocols);
            if (meanwhile != null) {
                meanwhile.run();
            }
            return seen;
        }

        @Override
        public AutoCloseable onChange(Runnable change) {
            listener = change;
            return () -> listener = null;
        }

        void change() {
            Runnable told = listener;
            if (told != null) {
                told.run();
            }
        }
    }

    private TlsEngines started() throws Exception {
        reload.watch();
        TlsEngines engines = new TlsEngines(config, source.load());
        reload.start(engines, loads::add, loop, () -> renewals.add("renew"));
        return engines;
    }

    private void runLoads() {
        for (Runnable next = loads.poll(); next != null; next = loads.poll()) {
            next.run();
        }
        loop.runReady();
    }

    private static List<String> offered(TlsEngines engines) {
        return List.of(engines.engine("localhost", 1).getEnabledProtocols());
    }

    @Test
    void newMaterialIsLoadedElsewhereAndThenUsed() throws Exception {
        TlsEngines engines = started();
        source.protocols = List.of("TLSv1.3");

        source.change();
        loop.runReady();
        assertThat(source.loaded).as("not on the thread that tells").isEqualTo(1);
        assertThat(offered(engines)).containsExactly("TLSv1.2");
        runLoads();

        assertThat(offered(engines)).containsExactly("TLSv1.3");
        assertThat(renewals).containsExactly("renew");
    }

    @Test
    void whatCannotBeUsedIsToldOnceAndTheOldKept() throws Exception {
        TlsEngines engines = started();
        try (CapturedLog log = CapturedLog.open()) {
            source.broken = true;
            for (int i = 0; i < 3; i++) {
                source.change();
                runLoads();
            }

            assertThat(log.lines())
                    .containsExactly(
                            "WARN [test] changed TLS material cannot be used: the vault is sealed; connections go on"
                                    + " with what they have, correct it");
        }
        assertThat(offered(engines)).containsExactly("TLSv1.2");
        assertThat(renewals).isEmpty();

        source.broken = false;
        source.protocols = List.of("TLSv1.3");
        source.change();
        runLoads();
        assertThat(offered(engines)).containsExactly("TLSv1.3");
    }

    @Test
    void materialNoEngineCanBeMadeOfIsNotUsed() throws Exception {
        TlsEngines engines = started();
        source.protocols = List.of("TLSv9");

        source.change();
        runLoads();

        assertThat(offered(engines)).containsExactly("TLSv1.2");
        assertThat(renewals).isEmpty();
    }

    @Test
    void manyChangesAreOneLoad() throws Exception {
        started();
        for (int i = 0; i < 5; i++) {
            source.change();
        }
        runLoads();

        assertThat(source.loaded).isEqualTo(2);
    }

    @Test
    void aChangeDuringALoadIsLoadedToo() throws Exception {
        TlsEngines engines = started();
        source.duringLoad = () -> {
            source.protocols = List.of("TLSv1.3");
            source.change();
        };

        source.change();
        runLoads();

        assertThat(offered(engines)).containsExactly("TLSv1.3");
    }

    @Test
    void tellsAnewWhatWentWrongAfterItWasRight() throws Exception {
        started();
        try (CapturedLog log = CapturedLog.open()) {
            for (boolean broken : new boolean[] {true, false, true}) {
                source.broken = broken;
                source.change();
                runLoads();
            }

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the vault is sealed"))
                    .hasSize(2);
        }
    }

    @Test
    void aChangeBeforeTheStartIsNotMissed() throws Exception {
        reload.watch();
        TlsEngines engines = new TlsEngines(config, source.load());
        source.protocols = List.of("TLSv1.3");
        source.change();

        reload.start(engines, loads::add, loop, () -> renewals.add("renew"));
        runLoads();

        assertThat(offered(engines)).containsExactly("TLSv1.3");
    }

    @Test
    void hearsNothingAfterTheEnd() throws Exception {
        started();
        Runnable late = Objects.requireNonNull(source.listener);
        reload.close();
        assertThat(source.listener).isNull();

        late.run(); // it had begun to tell
        runLoads();
        assertThat(source.loaded).isEqualTo(1);
    }
}
