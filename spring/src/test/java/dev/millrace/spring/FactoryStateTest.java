package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FactoryStateTest {

    /** The picture in the Javadoc of {@link FactoryState}; a stop before any use is the one arrow it leaves out. */
    private static final Map<FactoryState, Set<FactoryState>> MOVES = new EnumMap<>(Map.of(
            FactoryState.NEW, EnumSet.of(FactoryState.RUNNING, FactoryState.STOPPED, FactoryState.DESTROYED),
            FactoryState.RUNNING, EnumSet.of(FactoryState.STOPPED, FactoryState.DESTROYED),
            FactoryState.STOPPED, EnumSet.of(FactoryState.RUNNING, FactoryState.DESTROYED),
            FactoryState.DESTROYED, EnumSet.noneOf(FactoryState.class)));

    @ParameterizedTest
    @EnumSource
    void movesAsDrawn(FactoryState from) {
        Set<FactoryState> legal = EnumSet.noneOf(FactoryState.class);
        for (FactoryState to : FactoryState.values()) {
            if (from.canBecome(to)) {
                legal.add(to);
            }
        }
        assertThat(legal).isEqualTo(MOVES.get(from));
    }
}
