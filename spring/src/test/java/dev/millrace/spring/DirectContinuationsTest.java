package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application does in what it has chained to a send, with a real engine. */
@Timeout(60)
class DirectContinuationsTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start();
    private final DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
            ProducerConfig.builder()
                    .bootstrapServers(cluster.bootstrapServers())
                    .linger(Duration.ZERO)
                    .build(),
            Serializers.string(),
            Serializers.string());
    private final ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);

    @AfterEach
    void close() {
        factory.destroy();
        cluster.close();
    }

    @Test
    void chainsSends() {
        long offset = slowly("a")
                .thenCompose(first -> template.send("orders", "b"))
                .orTimeout(20, TimeUnit.SECONDS)
                .join()
                .metadata()
                .offset();

        assertThat(offset).isEqualTo(1);
    }

    @Test
    void refusesAtOnceToWaitForWhatCannotCompleteMeanwhile() {
        CompletableFuture<Object> waiting =
                slowly("a").thenApply(first -> template.send("orders", "b").join());
        CompletableFuture<Object> waitingForAStage = slowly("c").thenApply(first -> template.send("orders", "d")
                .thenApply(SendResult::metadata)
                .join());

        for (CompletableFuture<Object> each : List.of(waiting, waitingForAStage)) {
            assertThat(each)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(IllegalStateException.class)
                    .withMessageContaining("chain what follows with thenCompose");
        }
        template.flush();
        assertThat(cluster.records("orders")).hasSize(4);
    }

    @Test
    void letsStagesWaitThatHaveAThreadOfTheirOwn() {
        long offset = slowly("a")
                .thenApplyAsync(
                        first -> template.send("orders", "b").join().metadata().offset())
                .orTimeout(20, TimeUnit.SECONDS)
                .join();

        assertThat(offset).isEqualTo(1);
    }

    @Test
    void waitsAnywhereForWhatIsThere() {
        SendResult<String, String> done = template.send("orders", "a").join();
        CompletableFuture<SendResult<String, String>> first = template.send("orders", "b");
        first.join();

        assertThat(slowly("c")
                        .thenApply(third -> first.join())
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .isNotEqualTo(done);
    }

    /** Late enough for a continuation to be there. */
    private CompletableFuture<SendResult<String, String>> slowly(String value) {
        cluster.delayNext(Duration.ofMillis(100));
        return template.send("orders", value);
    }
}
