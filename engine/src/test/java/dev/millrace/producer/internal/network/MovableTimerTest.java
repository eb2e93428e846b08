package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.simulation.SimulatedEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovableTimerTest {

    private final SimulatedEventLoop loop = new SimulatedEventLoop();
    private final List<Long> runsAtMillis = new ArrayList<>();
    private final MovableTimer timer =
            new MovableTimer(loop, () -> runsAtMillis.add(loop.elapsed().toMillis()));

    @Test
    void runsOnceAtItsTime() {
        timer.runAt(inMillis(10));
        loop.advance(Duration.ofSeconds(10)); // across the overflow of the clock
        assertThat(runsAtMillis).containsExactly(10L);
    }

    @Test
    void canBeMovedLaterWithoutAnotherTimerBelow() {
        timer.runAt(inMillis(10));
        for (int millis = 11; millis <= 30; millis++) {
            timer.runAt(inMillis(millis));
        }
        assertThat(loop.pendingTasks()).isEqualTo(1);
        loop.advance(Duration.ofSeconds(1));
        assertThat(runsAtMillis).containsExactly(30L);
    }

    @Test
    void canBeMovedEarlier() {
        timer.runAt(inMillis(30));
        timer.runAt(inMillis(10));
        timer.runNoLaterThan(inMillis(20));
        loop.advance(Duration.ofSeconds(1));
        assertThat(runsAtMillis).containsExactly(10L);
        assertThat(loop.pendingTasks()).isZero();
    }

    @Test
    void runsAgainWhenSetAgain() {
        timer.runNoLaterThan(inMillis(10));
        loop.advance(Duration.ofMillis(10));
        timer.runNoLaterThan(inMillis(10));
        loop.advance(Duration.ofMillis(10));
        assertThat(runsAtMillis).containsExactly(10L, 20L);
    }

    @Test
    void forgetsAClearedDeadline() {
        timer.runAt(inMillis(10));
        timer.clear();
        loop.advance(Duration.ofSeconds(1));
        timer.runAt(inMillis(10));
        timer.cancel();
        assertThat(loop.pendingTasks()).isZero();
        assertThat(runsAtMillis).isEmpty();
    }

    private long inMillis(int millis) {
        return loop.nanos() + Duration.ofMillis(millis).toNanos();
    }
}
