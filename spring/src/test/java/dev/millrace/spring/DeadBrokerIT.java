package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** 56: transactions that cannot begin, again and again, because the broker is dead. */
@Timeout(600)
class DeadBrokerIT {

    private static final int BEGINS = 10_000;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");

    private final Set<String> ids = new TreeSet<>();
    private final AtomicInteger opened = new AtomicInteger();

    @Test
    void failedBeginsLeaveNoThreadNoSocketAndNoIdBehind() throws Exception {
        try (DevCluster cluster = DevCluster.builder().start()) {
            Judge.assumeTransactions(cluster);
            ProducerConfig config = ProducerConfig.builder()
                    .bootstrapServers(cluster.bootstrapServers())
                    .clientId("dead")
                    .maxBlock(Duration.ofMillis(1))
                    .build();
            DefaultProducerFactory<String, String> factory =
                    new DefaultProducerFactory<>(config, Serializers.string(), Serializers.string());
            factory.setTransactionSettings(TransactionSettings.builder("dead-").build());
            factory.setTransactionIdStrategy((prefix, instance, slot) -> {
                opened.incrementAndGet();
                ids.add(prefix + slot);
                return prefix + slot;
            });
            ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
            cluster.kill(1);
            fail(template, 200);
            int threads = threads();
            long files = openFiles();

            fail(template, BEGINS);

            assertThat(ids).containsExactly("dead-0");
            assertThat(opened).hasValueGreaterThanOrEqualTo(BEGINS);
            assertThat(factory.getTransactionalProducers().state().inUse()).isZero();
            await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threads + 2));
            await().untilAsserted(() -> assertThat(openFiles()).isLessThan(files + 20));
            factory.destroy();
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("dead")));
        }
    }

    private static void fail(ProducerTemplate<String, String> template, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> template.executeInTransaction(operations -> operations.send("topic", "value")))
                    .isInstanceOf(ProducerOperationException.class);
        }
    }

    private static int threads() {
        return Thread.getAllStackTraces().size();
    }

    private static long openFiles() throws IOException {
        if (!Files.isDirectory(OPEN_FILES)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.count();
        }
    }
}
