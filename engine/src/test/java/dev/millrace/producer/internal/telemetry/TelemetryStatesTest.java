package dev.millrace.producer.internal.telemetry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.internal.telemetry.TelemetryStates.Action;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TelemetryStatesTest {

    /** State, event, state after it, what is to be done. */
    private static final List<String> TABLE =
            """
            SUBSCRIPTION_NEEDED DUE SUBSCRIPTION_IN_PROGRESS ASK
            SUBSCRIPTION_NEEDED CLOSING TERMINATED END
            SUBSCRIPTION_IN_PROGRESS SUBSCRIBED PUSH_NEEDED WAIT_FIRST_INTERVAL
            SUBSCRIPTION_IN_PROGRESS NOTHING_SUBSCRIBED SUBSCRIPTION_NEEDED WAIT_INTERVAL
            SUBSCRIPTION_IN_PROGRESS NOT_NOW SUBSCRIPTION_NEEDED WAIT_INTERVAL
            SUBSCRIPTION_IN_PROGRESS OUTDATED SUBSCRIPTION_NEEDED WAIT_INTERVAL
            SUBSCRIPTION_IN_PROGRESS REFUSED TERMINATED END
            SUBSCRIPTION_IN_PROGRESS CLOSING TERMINATED END
            PUSH_NEEDED DUE PUSH_IN_PROGRESS PUSH
            PUSH_NEEDED CLOSING TERMINATING_PUSH_IN_PROGRESS PUSH_LAST
            PUSH_IN_PROGRESS ACCEPTED PUSH_NEEDED WAIT_INTERVAL
            PUSH_IN_PROGRESS NOT_NOW PUSH_NEEDED WAIT_INTERVAL
            PUSH_IN_PROGRESS OUTDATED SUBSCRIPTION_IN_PROGRESS ASK
            PUSH_IN_PROGRESS REFUSED TERMINATED END
            PUSH_IN_PROGRESS CLOSING TERMINATING_PUSH_NEEDED NOTHING
            TERMINATING_PUSH_NEEDED ACCEPTED TERMINATING_PUSH_IN_PROGRESS PUSH_LAST
            TERMINATING_PUSH_NEEDED NOT_NOW TERMINATING_PUSH_IN_PROGRESS PUSH_LAST
            TERMINATING_PUSH_NEEDED OUTDATED TERMINATED END
            TERMINATING_PUSH_NEEDED REFUSED TERMINATED END
            TERMINATING_PUSH_IN_PROGRESS ACCEPTED TERMINATED END
            TERMINATING_PUSH_IN_PROGRESS NOT_NOW TERMINATED END
            TERMINATING_PUSH_IN_PROGRESS OUTDATED TERMINATED END
            TERMINATING_PUSH_IN_PROGRESS REFUSED TERMINATED END
            """
                    .lines()
                    .toList();

    @Test
    @Tag("row-118")
    void everyRowOfTheTable() {
        for (String row : TABLE) {
            String[] cells = row.split(" ", -1);
            TelemetryStates states = in(TelemetryState.valueOf(cells[0]));

            Action action = states.on(TelemetryEvent.valueOf(cells[1]));

            assertThat(states.current()).as(row).isEqualTo(TelemetryState.valueOf(cells[2]));
            assertThat(action).as(row).isEqualTo(Action.valueOf(cells[3]));
        }
    }

    @Test
    @Tag("row-118")
    void whatIsNotInTheTableCannotHappenAndChangesNothing() {
        Set<String> rows = new HashSet<>();
        TABLE.forEach(row -> rows.add(row.substring(0, row.indexOf(' ', row.indexOf(' ') + 1))));
        for (TelemetryState state : TelemetryState.values()) {
            for (TelemetryEvent event : TelemetryEvent.values()) {
                if (state != TelemetryState.TERMINATED
                        && event != TelemetryEvent.CLOSED
                        && !rows.contains(state + " " + event)) {
                    TelemetryStates states = in(state);
                    assertThatIllegalStateException()
                            .as(state + " " + event)
                            .isThrownBy(() -> states.on(event))
                            .withMessageContainingAll(state.name(), event.name());
                    assertThat(states.current()).isEqualTo(state);
                }
            }
        }
    }

    @ParameterizedTest
    @Tag("row-118")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TERMINATED")
    void theEndOfTheProducerEndsEveryState(TelemetryState state) {
        TelemetryStates states = in(state);

        assertThat(states.on(TelemetryEvent.CLOSED)).isEqualTo(Action.END);
        assertThat(states.current()).isEqualTo(TelemetryState.TERMINATED);
    }

    @ParameterizedTest
    @Tag("row-118")
    @EnumSource
    void nothingMattersAfterTheEnd(TelemetryEvent event) {
        TelemetryStates states = in(TelemetryState.TERMINATED);

        assertThat(states.on(event)).isEqualTo(Action.NOTHING);
        assertThat(states.current()).isEqualTo(TelemetryState.TERMINATED);
    }

    /** By the shortest way that the table has. */
    private static TelemetryStates in(TelemetryState wanted) {
        Map<TelemetryState, List<TelemetryEvent>> ways = new HashMap<>();
        ways.put(TelemetryState.SUBSCRIPTION_NEEDED, List.of());
        ArrayDeque<TelemetryState> next = new ArrayDeque<>(ways.keySet());
        while (!ways.containsKey(wanted)) {
            TelemetryState from = next.remove();
            List<TelemetryEvent> way = requireNonNull(ways.get(from));
            TABLE.stream()
                    .map(row -> row.split(" ", -1))
                    .filter(row -> row[0].equals(from.name()))
                    .forEach(row -> {
                        TelemetryState to = TelemetryState.valueOf(row[2]);
                        if (!ways.containsKey(to)) {
                            ways.put(
                                    to,
                                    Stream.concat(way.stream(), Stream.of(TelemetryEvent.valueOf(row[1])))
                                            .toList());
                            next.add(to);
                        }
                    });
        }
        TelemetryStates states = new TelemetryStates();
        requireNonNull(ways.get(wanted)).forEach(states::on);
        assertThat(states.current()).isEqualTo(wanted);
        return states;
    }
}
