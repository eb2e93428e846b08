package dev.millrace.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmarks.Options;
import dev.millrace.benchmarks.run.Workload;
import dev.millrace.benchmarks.suite.Target.Rule;
import org.junit.jupiter.api.Test;

class ScenariosTest {

    @Test
    void everyScenarioHasItsNameAlone() {
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
    }

    @Test
    void everyOptionOfAScenarioIsOneOfTheWorkload() {
        for (Scenario scenario : Scenarios.all()) {
            assertThat(Workload.DEFAULTS.keySet())
                    .containsAll(scenario.workload().keySet());
            String[] arguments = scenario.workload().entrySet().stream()
                    .map(option -> option.getKey() + '=' + option.getValue())
                    .toArray(String[]::new);
            assertThat(Workload.from(Options.parse(Workload.DEFAULTS, arguments), "h:1", "t")
                            .topic())
                    .isEqualTo("t");
        }
    }

    @Test
    void everyTargetIsAboutSomebodyWhoIsMeasured() {
        for (Scenario scenario : Scenarios.all()) {
            for (Target target : scenario.targets()) {
                assertThat(scenario.candidates()).contains(target.candidate());
                int colon = target.rival().indexOf(':');
                if (colon >= 0) {
                    Scenario other = Scenarios.named(target.rival().substring(0, colon));
                    assertThat(other.candidates()).contains(target.rival().substring(colon + 1));
                } else if (target.rule() != Rule.VALUE_AT_MOST) {
                    assertThat(scenario.candidates()).contains(target.rival());
                }
            }
        }
    }

    @Test
    void comparesAsTheRuleSays() {
        Target ratio = Target.atMost(0.5, "m", "rival");
        assertThat(ratio.isReached(ratio.compare(5, 10))).isTrue();
        assertThat(ratio.isReached(ratio.compare(6, 10))).isFalse();

        Target faster = Target.atLeast(2, "m", "rival");
        assertThat(faster.isReached(faster.compare(20, 10))).isTrue();
        assertThat(faster.isReached(faster.compare(19, 10))).isFalse();

        Target above = Target.above(80, "m", "own", "rival");
        assertThat(above.isReached(above.compare(180, 100))).isTrue();
        assertThat(above.isReached(above.compare(181, 100))).isFalse();

        Target value = Target.value(7, "m");
        assertThat(value.isReached(value.compare(8, 1))).isFalse();
        assertThat(value.text()).isEqualTo("at most 7");
    }
}
