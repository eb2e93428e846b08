package dev.millrace.devbroker.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.millrace.devbroker.DevCluster;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

@Timeout(60)
class DevClusterExtensionIT {
    private static final List<DevCluster> SEEN = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forgetClusters() {
        SEEN.clear();
    }

    @Test
    void sharesAPlainNodeAcrossClassesAndClosesItAtTheEnd() {
        EngineExecutionResults results = run(First.class, Second.class);

        results.testEvents()
                .assertStatistics(statistics -> statistics.succeeded(3).failed(0));
        assertThat(SEEN).hasSize(3);
        assertThat(SEEN.stream().distinct()).hasSize(1);
        assertThat(SEEN.get(0)).asString().contains("closed");
    }

    @Test
    void givesAClassThatAsksForItAClusterOfItsOwn() {
        run(First.class, Dedicated.class);

        assertThat(SEEN.stream().distinct()).hasSize(2);
        assertThat(SEEN).allSatisfy(cluster -> assertThat(cluster).asString().contains("closed"));
    }

    @Test
    void saysWhichAnnotationIsMissing() {
        run(WithoutAnnotation.class).containerEvents().assertThatEvents().anySatisfy(event -> assertThat(event)
                .asString()
                .contains("@WithDevCluster"));
    }

    private static EngineExecutionResults run(Class<?>... testClasses) {
        var engine = EngineTestKit.engine("junit-jupiter");
        for (Class<?> testClass : testClasses) {
            engine.selectors(selectClass(testClass));
        }
        return engine.execute();
    }

    @WithDevCluster
    static class First {
        @Test
        void sees(DevCluster cluster) {
            SEEN.add(cluster);
        }

        @Nested
        class Inside {
            @Test
            void seesTheSame(DevCluster cluster) {
                SEEN.add(cluster);
            }
        }
    }

    @WithDevCluster
    static class Second {
        @Test
        void sees(DevCluster cluster) {
            assertThat(cluster.isRunning(1)).isTrue();
            SEEN.add(cluster);
        }
    }

    @WithDevCluster(dedicated = true)
    static class Dedicated {
        @Test
        void sees(DevCluster cluster) {
            SEEN.add(cluster);
        }
    }

    @ExtendWith(DevClusterExtension.class)
    static class WithoutAnnotation {
        @Test
        void needsACluster(DevCluster cluster) {
            SEEN.add(cluster);
        }
    }
}
