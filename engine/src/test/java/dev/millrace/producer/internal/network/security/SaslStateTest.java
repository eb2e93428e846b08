package dev.millrace.producer.internal.network.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SaslStateTest {

    private static Set<SaslState> before(SaslState next) {
        EnumSet<SaslState> before = EnumSet.noneOf(SaslState.class);
        for (SaslState each : SaslState.values()) {
            if (each.canBecome(next)) {
                before.add(each);
            }
        }
        return before;
    }

    @Test
    void nobodyIsBelievedWithoutATokenAndAVerdict() {
        assertThat(before(SaslState.DONE)).containsExactlyInAnyOrder(SaslState.AWAITING_BROKER, SaslState.EVALUATING);
        assertThat(before(SaslState.EVALUATING)).containsExactly(SaslState.AWAITING_BROKER);
    }

    @Test
    void noTokenLeavesBeforeTheBrokerTookTheMechanism() {
        assertThat(before(SaslState.HANDSHAKING)).containsExactly(SaslState.LOGGING_IN);
        assertThat(before(SaslState.AWAITING_BROKER))
                .containsExactlyInAnyOrder(SaslState.HANDSHAKING, SaslState.EVALUATING);
    }

    @Test
    void everythingThatGoesOnMayFailAndEndsAreFinal() {
        assertThat(before(SaslState.FAILED))
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.complementOf(EnumSet.of(SaslState.DONE, SaslState.FAILED)));
        assertThat(before(SaslState.LOGGING_IN)).isEmpty();
    }
}
