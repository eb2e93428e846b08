package dev.millrace.autoconfigure;

import dev.millrace.producer.NodeSnapshot;
import dev.millrace.producer.PartitionSnapshot;
import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.spring.inspection.OpenProducer.Failure;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.Status;

/** How a producer is, judged by what is known of it. The first rule that applies decides. */
final class HealthRules {

    /** A status and what led to it, for a human; null if nothing is wrong. */
    record Verdict(Status status, @Nullable String reason) {}

    private static final Verdict UP = new Verdict(Status.UP, null);

    private static final Set<ErrorCode> NOT_ALLOWED = EnumSet.of(
            ErrorCode.SASL_AUTHENTICATION_FAILED,
            ErrorCode.UNSUPPORTED_SASL_MECHANISM,
            ErrorCode.ILLEGAL_SASL_STATE,
            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
            ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
            ErrorCode.GROUP_AUTHORIZATION_FAILED,
            ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);

    private final HealthLimits limits;

    HealthRules(HealthLimits limits) {
        this.limits = limits;
    }

    /**
     * Judges.
     *
     * @param state the pipeline; null if nobody tells
     * @param failure the last one, unless something was delivered after it
     * @param openNanos how long the producer is open
     * @param isBufferFull whether the buffer is above its threshold for too long
     */
    Verdict judge(@Nullable PipelineSnapshot state, @Nullable Failure failure, long openNanos, boolean isBufferFull) {
        if (failure != null && NOT_ALLOWED.contains(failure.code())) {
            return new Verdict(Status.DOWN, "not allowed: " + failure.message());
        }
        if (state == null) {
            return new Verdict(Status.UNKNOWN, "callbacks of the application hold up what the producer has to tell");
        }
        String down = whyDown(state, openNanos);
        if (down != null) {
            return new Verdict(Status.DOWN, down);
        }
        if (isBufferFull) {
            return new Verdict(Status.OUT_OF_SERVICE, "the buffer is full: " + state.explanation());
        }
        boolean isUnused = state.records().submitted() == 0 && state.metadataAgeNanos() < 0;
        return isUnused ? new Verdict(Status.UNKNOWN, "nothing was sent yet") : UP;
    }

    private @Nullable String whyDown(PipelineSnapshot state, long openNanos) {
        boolean isWorking = state.records().pending() > 0 || state.metadataProblem() != null;
        long silenceNanos = state.metadataAgeNanos() >= 0 ? state.metadataAgeNanos() : openNanos;
        if (isWorking && silenceNanos > limits.maxSilenceNanos()) {
            return "no metadata for " + millis(silenceNanos) + " ms, longer than " + millis(limits.maxSilenceNanos())
                    + " ms: " + state.metadataProblem();
        }
        long oldestNanos = oldestNanos(state);
        if (oldestNanos > limits.maxBatchAgeNanos()) {
            return "a record has no outcome for " + millis(oldestNanos) + " ms, longer than "
                    + millis(limits.maxBatchAgeNanos()) + " ms: " + state.explanation();
        }
        return state.records().pending() > 0 ? whyCutOff(state) : null;
    }

    /** An attempt has failed and no connection is left; one that is being made for the first time is no reason. */
    private static @Nullable String whyCutOff(PipelineSnapshot state) {
        if (state.nodes().stream().anyMatch(node -> node.state().equals("READY"))) {
            return null;
        }
        String failure = Stream.concat(
                        state.nodes().stream().map(NodeSnapshot::lastFailure),
                        Stream.of(state).map(PipelineSnapshot::metadataProblem))
                .filter(reason -> reason != null && !reason.isEmpty())
                .findFirst()
                .orElse(null);
        return failure == null ? null : "records wait and no broker can be reached: " + failure;
    }

    static long oldestNanos(PipelineSnapshot state) {
        return LongStream.concat(
                        state.partitions().stream().mapToLong(PartitionSnapshot::oldestAgeNanos),
                        state.waitingTopics().stream().mapToLong(PipelineSnapshot.WaitingTopic::oldestAgeNanos))
                .max()
                .orElse(0);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
