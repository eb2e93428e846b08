package dev.millrace.spring.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Bottleneck;
import dev.millrace.producer.PipelineSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentSnapshotTest {

    private final List<CompletableFuture<PipelineSnapshot>> asked = new ArrayList<>();
    private long nowNanos;
    private final RecentSnapshot recent = new RecentSnapshot(
            () -> {
                asked.add(new CompletableFuture<>());
                return asked.get(asked.size() - 1);
            },
            () -> nowNanos);

    @Test
    void asksAgainOnlyWhenTheLastIsOld() {
        assertThat(recent.look(0)).isNull();
        asked.get(0).complete(snapshot("a"));

        assertThat(clientId()).isEqualTo("a");
        nowNanos += TimeUnit.MILLISECONDS.toNanos(RecentSnapshot.FRESH_MILLIS - 1);
        assertThat(clientId()).isEqualTo("a");
        assertThat(asked).hasSize(1);

        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(clientId()).as("the new one is not there yet").isEqualTo("a");
        asked.get(1).complete(snapshot("b"));
        assertThat(clientId()).isEqualTo("b");
        assertThat(asked).hasSize(2);
    }

    @Test
    void waitsOnceAndAsksForNoneMeanwhile() {
        recent.look(1);
        nowNanos += TimeUnit.SECONDS.toNanos(10);
        long before = System.nanoTime();

        assertThat(recent.look(60_000)).isNull();

        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(30));
        assertThat(asked).hasSize(1);
    }

    @Test
    void keepsTheLastOfAProducerThatHasClosed() {
        recent.look(0);
        asked.get(0).complete(snapshot("a"));
        recent.look(0);
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        recent.look(0);
        asked.get(1).completeExceptionally(new IllegalStateException("closed"));

        assertThat(clientId()).isEqualTo("a");
        RecentSnapshot refused = new RecentSnapshot(() -> {
            throw new IllegalStateException("closed");
        });
        assertThat(refused.look(1)).isNull();
    }

    private String clientId() {
        PipelineSnapshot snapshot = recent.look(0);
        return snapshot == null ? "none" : snapshot.clientId();
    }

    private static PipelineSnapshot snapshot(String clientId) {
        return new PipelineSnapshot(
                clientId,
                Bottleneck.NONE,
                "",
                new PipelineSnapshot.RecordCounts(0, 0, 0),
                new PipelineSnapshot.BufferState(0, 1, 0),
                0,
                null,
                new PipelineSnapshot.DeliveryState(0, 0),
                0,
                List.of(),
                List.of(),
                List.of());
    }
}
