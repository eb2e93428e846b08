package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionStateTest {

    @Test
    void everyStateCanBeReachedAndCanEndInClosed() {
        for (ConnectionState start : ConnectionState.values()) {
            Set<ConnectionState> reached = reachableFrom(start);
            assertThat(reached).as("from %s", start).contains(ConnectionState.CLOSED);
            if (start != ConnectionState.CLOSED) {
                assertThat(reached).as("from %s", start).containsAll(EnumSet.allOf(ConnectionState.class));
            }
        }
    }

    @Test
    void closedIsFinal() {
        for (ConnectionState next : ConnectionState.values()) {
            assertThat(ConnectionState.CLOSED.canBecome(next)).isFalse();
        }
    }

    @Test
    void requestsTravelOnlyAfterNegotiation() {
        for (ConnectionState state : ConnectionState.values()) {
            assertThat(state.canBecome(ConnectionState.READY)).isEqualTo(state == ConnectionState.NEGOTIATING);
        }
    }

    private static Set<ConnectionState> reachableFrom(ConnectionState start) {
        Set<ConnectionState> reached = EnumSet.of(start);
        ArrayDeque<ConnectionState> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            ConnectionState state = open.remove();
            for (ConnectionState next : ConnectionState.values()) {
                if (state.canBecome(next) && reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }
}
