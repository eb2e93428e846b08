package dev.millrace.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.benchmarks.micro.Budgets.Budget;
import dev.millrace.benchmarks.micro.MicroRun.Cost;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Holds the micro-benchmarks to {@code budgets.md}, by bytes and by ratio; what a nanosecond is differs between machines. */
@Timeout(180)
class BudgetsIT {

    private static final String BASELINE = "BaselineBenchmark.copy";
    private static final double ROUNDING_BYTES = 0.5;

    @Test
    void noOperationCostsMoreThanItsBudget() throws Exception {
        List<Budget> budgets = Budgets.read(Path.of("budgets.md"));
        Map<String, Cost> costs =
                MicroRun.run("").stream().collect(Collectors.toMap(Cost::benchmark, Function.identity()));
        double baselineNanos = Objects.requireNonNull(costs.get(BASELINE)).nanos();

        assertThat(budgets).extracting(Budget::benchmark).containsExactlyInAnyOrderElementsOf(costs.keySet());
        SoftAssertions each = new SoftAssertions();
        for (Budget budget : budgets) {
            Cost cost = Objects.requireNonNull(costs.get(budget.benchmark()));
            each.assertThat(cost.bytes())
                    .as("bytes of %s", budget.benchmark())
                    .isLessThanOrEqualTo(budget.bytes() + ROUNDING_BYTES);
            each.assertThat(cost.nanos() / baselineNanos)
                    .as("%s in baseline operations", budget.benchmark())
                    .isLessThanOrEqualTo(budget.times());
        }
        each.assertAll();
    }
}
