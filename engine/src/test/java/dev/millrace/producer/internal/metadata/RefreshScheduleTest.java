package dev.millrace.producer.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.internal.simulation.SimulationDefaults;
import dev.millrace.producer.internal.time.Backoff;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RefreshScheduleTest {

    private final RefreshSchedule schedule =
            new RefreshSchedule(new Backoff(100, 1000, SimulationDefaults.noJitter()), 300_000, 0);

    @Test
    void isDueAtTheStart() {
        assertThat(schedule.dueNanos()).isZero();
    }

    @Test
    void waitsLongerAfterEachFailure() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            schedule.started();
            schedule.failed(0);
            pauses.add(schedule.dueNanos());
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    @Tag("row-22")
    void waitsLongerAfterEachAnswerWithoutNews() {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            schedule.started();
            schedule.succeeded(0, false);
            schedule.request();
            pauses.add(schedule.dueNanos());
        }
        assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L);
        schedule.topicAdded();
        schedule.succeeded(0, false);
        assertThat(schedule.dueNanos()).isEqualTo(100);
    }

    @Test
    void startsOverAfterNews() {
        schedule.succeeded(0, false);
        schedule.succeeded(0, false);
        schedule.succeeded(0, true);
        assertThat(schedule.dueNanos()).isEqualTo(100);
    }

    @Test
    void doesNotCountAnswersThatLieFarApart() {
        schedule.succeeded(0, false);
        schedule.started();
        schedule.succeeded(300_000, false);
        schedule.request();
        assertThat(schedule.dueNanos()).isEqualTo(300_100);
    }

    @Test
    void isDueWhenTheLastDescriptionIsTooOld() {
        schedule.started();
        schedule.succeeded(5, true);
        assertThat(schedule.dueNanos()).isEqualTo(300_005);
        schedule.answered(400_000, true);
        assertThat(schedule.dueNanos())
                .as("an answer about a new topic is none about the others")
                .isEqualTo(400_100);
    }
}
