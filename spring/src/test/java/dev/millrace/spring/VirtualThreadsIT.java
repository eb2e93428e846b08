package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand virtual threads that send and wait; where the JDK has such threads. */
@EnabledForJreRange(min = JRE.JAVA_21)
@WithDevCluster(autoCreateTopics = false)
@Timeout(180)
class VirtualThreadsIT {

    private static final int THREADS = 10_000;

    /** 73 */
    @Test
    void pinsNone(DevCluster cluster, @TempDir Path directory) throws Exception {
        String topic = "topic-" + UUID.randomUUID();
        cluster.createTopic(topic, 3, 1, Map.of());
        DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                ProducerConfig.builder()
                        .bootstrapServers(cluster.bootstrapServers())
                        .bufferMemory(2_000_000) // some of them have to wait for room
                        .build(),
                Serializers.string(),
                Serializers.string());
        ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
        template.setCallbackExecutor(ProducerTemplate.dispatcher());
        template.send(topic, "classes are loaded").get(60, TimeUnit.SECONDS);
        Path file = directory.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20));
            recording.start();
            sendFromEach(template, topic);
            recording.stop();
            recording.dump(file);
        } finally {
            factory.destroy();
        }

        List<RecordedEvent> pinned = RecordingFile.readAllEvents(file);
        assertThat(pinned.stream()
                        .map(event -> String.valueOf(event.getStackTrace()))
                        .filter(trace -> trace.contains("dev.millrace")))
                .isEmpty();
    }

    private static void sendFromEach(ProducerTemplate<String, String> template, String topic) throws Exception {
        ExecutorService threads = virtualThreads();
        try {
            List<Future<Long>> sent = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String value = "x".repeat(1_000) + i;
                sent.add(threads.submit(
                        () -> template.send(topic, value).join().metadata().offset()));
            }
            for (Future<Long> each : sent) {
                assertThat(each.get(120, TimeUnit.SECONDS)).isNotNegative();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** By name, as the code is compiled for a JDK without them. */
    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        return (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }
}
