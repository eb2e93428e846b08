package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import dev.millrace.producer.architecture.planted.internal.client.Builder;
import dev.millrace.producer.architecture.planted.internal.client.ClockReader;
import dev.millrace.producer.architecture.planted.internal.client.CodecUser;
import dev.millrace.producer.architecture.planted.internal.client.ForeignLibrary;
import dev.millrace.producer.architecture.planted.internal.client.MonitorUser;
import dev.millrace.producer.architecture.planted.internal.client.Reflective;
import dev.millrace.producer.architecture.planted.internal.network.SocketUser;
import dev.millrace.producer.architecture.planted.internal.record.TalkativeCodec;
import dev.millrace.producer.architecture.planted.internal.sender.ProduceRequestPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine keeps its rules, and each rule finds a violation made for it. */
class EngineRulesTest {

    private static final Path PLANTED_SOURCES = Path.of("src/test/java/dev/millrace/producer/architecture/planted");

    @Test
    void usesFewLibraries() {
        EngineRules.USES_FEW_LIBRARIES.check(EngineClasses.REAL);
        assertFinds(EngineRules.USES_FEW_LIBRARIES, ForeignLibrary.class, "org.apache.kafka.common.TopicPartition");
    }

    @Test
    void usesNettyInItsClassesOnly() {
        EngineRules.NETTY_ONLY_IN_ITS_CLASSES.check(EngineClasses.REAL);
        assertFinds(EngineRules.NETTY_ONLY_IN_ITS_CLASSES, SocketUser.class, "ByteBuf");
    }

    @Test
    void usesEachCodecLibraryInOneClass() {
        EngineRules.EACH_CODEC_LIBRARY_IN_ONE_CLASS.check(EngineClasses.REAL);
        assertFinds(EngineRules.EACH_CODEC_LIBRARY_IN_ONE_CLASS, CodecUser.class, "LZ4Factory");
    }

    @Test
    void codecsDoNotLog() {
        EngineRules.CODECS_DO_NOT_LOG.check(EngineClasses.REAL);
        assertFinds(EngineRules.CODECS_DO_NOT_LOG, TalkativeCodec.class, "org.slf4j.Logger");
    }

    @Test
    void decisionsArePure() {
        EngineRules.DECISIONS_ARE_PURE.check(EngineClasses.REAL);
        assertFinds(EngineRules.DECISIONS_ARE_PURE, ProduceRequestPlanner.class, "org.slf4j.Logger");
        assertFinds(EngineRules.DECISIONS_ARE_PURE, ProduceRequestPlanner.class, "java.util.concurrent.locks.Lock");
        assertFinds(EngineRules.DECISIONS_ARE_PURE, ProduceRequestPlanner.class, "internal.time.Ticker");
    }

    @Test
    void allPureDecisionsExist() {
        assertThat(EngineRules.files(EngineClasses.REAL)).containsAll(EngineRules.PURE);
    }

    @Test
    void decisionsAboutSendingKnowNoConnection() {
        EngineRules.SEND_DECISIONS_KNOW_NO_CONNECTION.check(EngineClasses.REAL);
        assertFinds(
                EngineRules.SEND_DECISIONS_KNOW_NO_CONNECTION,
                ProduceRequestPlanner.class,
                "internal.network.BrokerConnection");
    }

    @Test
    void readsTheWallClockInOnePlace() {
        EngineRules.ONE_WALL_CLOCK.check(EngineClasses.REAL);
        assertFinds(EngineRules.ONE_WALL_CLOCK, ClockReader.class, "currentTimeMillis");
    }

    @Test
    void readsTheMonotonicClockInFewPlaces() {
        EngineRules.FEW_MONOTONIC_CLOCKS.check(EngineClasses.REAL);
        assertFinds(EngineRules.FEW_MONOTONIC_CLOCKS, ClockReader.class, "nanoTime");
    }

    @Test
    void waitsOnNoMonitor() {
        EngineRules.NO_WAITING_ON_MONITORS.check(EngineClasses.REAL);
        assertFinds(EngineRules.NO_WAITING_ON_MONITORS, MonitorUser.class, "java.lang.Object.wait()");
    }

    @Test
    void synchronizesOnlyWhereNobodyWaits() throws IOException {
        assertThat(Monitors.unlisted(Path.of("src/main/java"))).isEmpty();
        assertThat(Monitors.stale(Path.of("src/main/java"))).isEmpty();
        assertThat(Monitors.unlisted(PLANTED_SOURCES)).containsExactly("MonitorUser");
    }

    @Test
    void usesNoReflection() {
        EngineRules.NO_CLASSES_BY_NAME.check(EngineClasses.REAL);
        assertFinds(EngineRules.NO_CLASSES_BY_NAME, Reflective.class, "javax.management.MBeanServer");
    }

    @Test
    void loadsNoClassByName() {
        EngineRules.NO_CLASS_LOADING.check(EngineClasses.REAL);
        assertFinds(EngineRules.NO_CLASS_LOADING, Reflective.class, "forName");
        assertFinds(EngineRules.NO_CLASS_LOADING, Reflective.class, "ServiceLoader.load");
    }

    @Test
    void onlyTheAssemblyBuildsParts() {
        Set<String> parts = EngineRules.parts(EngineClasses.REAL);

        assertThat(parts)
                .contains(
                        "dev.millrace.producer.internal.accumulator.BufferPool",
                        "dev.millrace.producer.internal.sender.Sender",
                        "dev.millrace.producer.internal.metadata.ClusterMetadata",
                        "dev.millrace.producer.internal.network.NettyTransport");
        EngineRules.builtByTheAssemblyOnly(parts).check(EngineClasses.REAL);
        assertFinds(EngineRules.builtByTheAssemblyOnly(parts), Builder.class, "BufferPool");
    }

    private static void assertFinds(ArchRule rule, Class<?> planted, String text) {
        JavaClasses violation = EngineClasses.planted(planted);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> rule.check(violation))
                .withMessageContaining(planted.getSimpleName())
                .withMessageContaining(text);
    }
}
