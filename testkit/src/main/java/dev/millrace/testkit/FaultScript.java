package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.testkit.Fault.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The faults that are still to happen, each kind first come first served. Guarded by the cluster's lock. */
final class FaultScript {

    private final Map<Api, Deque<IntFunction<Answer>>> insteadOfAnswer = new EnumMap<>(Api.class);
    private final Map<Api, Deque<Duration>> delays = new EnumMap<>(Api.class);
    private final Deque<Duration> delaysOfAny = new ArrayDeque<>();
    private final Map<Integer, Duration> delayOfNode = new HashMap<>();
    private final Map<TopicPartition, Deque<ErrorCode>> beforeAppend = new HashMap<>();
    private final Map<TopicPartition, Deque<AfterAppend>> afterAppend = new HashMap<>();
    private final Deque<ErrorCode> producerIdErrors = new ArrayDeque<>();
    private final Map<Api, Deque<ErrorCode>> coordinatorErrors = new EnumMap<>(Api.class);
    private final Map<Api, Integer> cutsAfter = new EnumMap<>(Api.class);
    private final InjectedFaults injected = new InjectedFaults();
    private Duration throttle = Duration.ZERO;

    /** What happens to the answer for a batch that was appended. */
    record AfterAppend(ErrorCode error, boolean cutsConnection) {}

    /** The next request of an API is not served; the answer is made from its correlation id. */
    void replaceNext(Api api, IntFunction<Answer> answer) {
        insteadOfAnswer.computeIfAbsent(api, ignored -> new ArrayDeque<>()).addLast(answer);
    }

    /** What happens to a request as soon as it fits. */
    void inject(Fault fault) {
        injected.add(fault);
    }

    @Nullable Answer takeReplacement(int node, Api api, Set<TopicPartition> partitions, int correlationId) {
        IntFunction<Answer> answer = poll(insteadOfAnswer.get(api));
        if (answer != null) {
            return answer.apply(correlationId);
        }
        return injected.takes(Kind.DROP, api, node, partitions) ? Answer.CUT : null;
    }

    void delayNext(Duration delay) {
        delaysOfAny.addLast(delay);
    }

    void delayNext(Api api, Duration delay) {
        delays.computeIfAbsent(api, ignored -> new ArrayDeque<>()).addLast(delay);
    }

    void delayNode(int node, Duration delay) {
        delayOfNode.put(node, delay);
    }

    Duration takeDelay(int node, Api api, Set<TopicPartition> partitions) {
        Duration delay = delayOfNode.getOrDefault(node, Duration.ZERO).plus(injected.takeDelay(api, node, partitions));
        Duration ofApi = poll(delays.get(api));
        Duration ofAny = poll(delaysOfAny);
        if (ofApi != null) {
            delay = delay.plus(ofApi);
        }
        return ofAny == null ? delay : delay.plus(ofAny);
    }

    void failBeforeAppend(TopicPartition partition, ErrorCode error, int times) {
        addTimes(beforeAppend.computeIfAbsent(partition, ignored -> new ArrayDeque<>()), error, times);
    }

    ErrorCode takeErrorBeforeAppend(int node, TopicPartition partition) {
        ErrorCode error = poll(beforeAppend.get(partition));
        return error == null ? injected.takeError(Kind.FAIL, node, partition) : error;
    }

    void faultAfterAppend(TopicPartition partition, AfterAppend fault, int times) {
        addTimes(afterAppend.computeIfAbsent(partition, ignored -> new ArrayDeque<>()), fault, times);
    }

    AfterAppend takeFaultAfterAppend(int node, TopicPartition partition) {
        AfterAppend fault = poll(afterAppend.get(partition));
        return fault == null
                ? new AfterAppend(injected.takeError(Kind.FAIL_AFTER_APPEND, node, partition), false)
                : fault;
    }

    void failProducerIds(ErrorCode error, int times) {
        addTimes(producerIdErrors, error, times);
    }

    ErrorCode takeProducerIdError(int node) {
        ErrorCode error = poll(producerIdErrors);
        return error == null ? injected.takeError(Api.INIT_PRODUCER_ID, node) : error;
    }

    void failCoordinator(Api api, ErrorCode error, int times) {
        addTimes(coordinatorErrors.computeIfAbsent(api, ignored -> new ArrayDeque<>()), error, times);
    }

    ErrorCode takeCoordinatorError(int node, Api api) {
        ErrorCode error = poll(coordinatorErrors.get(api));
        return error == null ? injected.takeError(api, node) : error;
    }

    void cutAfterNext(Api api) {
        cutsAfter.merge(api, 1, Integer::sum);
    }

    boolean takeCutAfter(int node, Api api, Set<TopicPartition> partitions) {
        int left = cutsAfter.getOrDefault(api, 0);
        cutsAfter.put(api, Math.max(0, left - 1));
        return left > 0 || injected.takes(Kind.DROP_AFTER, api, node, partitions);
    }

    void setThrottle(Duration throttle) {
        this.throttle = throttle;
    }

    Duration throttle() {
        return throttle;
    }

    /** Forgets every fault that has not happened yet. */
    void clear() {
        insteadOfAnswer.clear();
        delays.clear();
        delaysOfAny.clear();
        delayOfNode.clear();
        beforeAppend.clear();
        afterAppend.clear();
        producerIdErrors.clear();
        coordinatorErrors.clear();
        cutsAfter.clear();
        injected.clear();
        throttle = Duration.ZERO;
    }

    private static <T> void addTimes(Deque<T> queue, T element, int times) {
        if (times < 1) {
            throw new IllegalArgumentException("times must be at least 1: times=" + times);
        }
        for (int i = 0; i < times; i++) {
            queue.addLast(element);
        }
    }

    private static <T> @Nullable T poll(@Nullable Deque<T> queue) {
        return queue == null ? null : queue.pollFirst();
    }
}
