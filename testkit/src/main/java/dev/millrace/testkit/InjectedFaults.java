package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.testkit.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Faults that are still to happen, in the order they were asked for. Guarded by the cluster's lock. */
final class InjectedFaults {

    private final List<Pending> pending = new ArrayList<>();

    /** A fault and how often it is still to happen. */
    private static final class Pending {

        private final Fault fault;
        private int left;

        private Pending(Fault fault) {
            this.fault = fault;
            this.left = fault.times();
        }
    }

    void add(Fault fault) {
        pending.add(new Pending(fault));
    }

    ErrorCode takeError(Kind kind, int node, TopicPartition partition) {
        return errorOf(take(fault ->
                fault.concerns(kind, Api.PRODUCE, node) && fault.concerns(partition.topic(), partition.partition())));
    }

    ErrorCode takeError(Api api, int node) {
        return errorOf(take(fault -> fault.concerns(Kind.FAIL, api, node)));
    }

    /** Whether something of this kind happens to a request now. */
    boolean takes(Kind kind, Api api, int node, Set<TopicPartition> partitions) {
        return take(fault -> fault.concerns(kind, api, node) && fault.concernsOneOf(partitions)) != null;
    }

    Duration takeDelay(Api api, int node, Set<TopicPartition> partitions) {
        Fault fault = take(each -> each.concerns(Kind.DELAY, api, node) && each.concernsOneOf(partitions));
        return fault == null ? Duration.ZERO : fault.delay();
    }

    void clear() {
        pending.clear();
    }

    private static ErrorCode errorOf(@Nullable Fault fault) {
        return fault == null ? ErrorCode.NONE : fault.error();
    }

    private @Nullable Fault take(Predicate<Fault> wanted) {
        for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
            Pending next = all.next();
            if (wanted.test(next.fault)) {
                if (next.fault.times() != Fault.UNTIL_CLEARED && --next.left == 0) {
                    all.remove();
                }
                return next.fault;
            }
        }
        return null;
    }
}
