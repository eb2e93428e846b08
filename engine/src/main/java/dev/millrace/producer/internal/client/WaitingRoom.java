package dev.millrace.producer.internal.client;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.Completions;
import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.ObserverRelay;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.internal.sender.UndeliveredRecords;
import dev.millrace.producer.observe.SerializationEnd;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for the cluster to describe a topic: records without a partition, and questions for partitions. And records
 * whose bytes are not there, with those behind them. Nothing here holds a thread; each entry has {@code max-block} until it
 * fails, and for its bytes as long as their serializer says.
 *
 * <p>Entries arrive from any thread, everything else happens on the event loop.
 */
final class WaitingRoom {

    private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

    private final ClientSettings settings;
    private final AcceptFailures failures;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Completions completions;
    private final ClusterMetadata metadata;
    private final Map<String, TopicRoute> routes = new ConcurrentHashMap<>();
    private final Executor delivery;
    private final ObserverRelay observer;
    private final SizeLimits sizeLimits;
    private final List<Question> questions = new ArrayList<>(); // guarded by itself
    private final Map<String, EventLoop.Timer> expiries = new ConcurrentHashMap<>(); // by topic; some have run already
    private volatile boolean aborted;

    WaitingRoom(ClientParts parts, AcceptFailures failures) {
        this.settings = parts.settings();
        this.failures = failures;
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.completions = parts.completions();
        this.metadata = parts.metadata();
        this.delivery = parts.delivery();
        this.observer = parts.observer();
        this.sizeLimits = new SizeLimits(parts, failures);
    }

    /** Records wait for the topic: fetches it, and sees to it that they do not wait for ever. Any thread. */
    void entered(TopicRoute route) {
        routes.put(route.topic(), route); // before the look at what is known: the news of it looks here
        metadata.track(route.topic());
        if (metadata.snapshot().topic(route.topic()) != null) {
            assignSoon(route); // it became known between the look and the entry, or others are in the way
        }
        if (isUnreachable()) {
            loop.execute(this::onUnreachable);
        }
        if (route.armExpiry()) {
            expireIn(settings.maxBlockNanos(), route);
        }
    }

    private void assignSoon(TopicRoute route) {
        if (route.armAssigning()) {
            loop.execute(() -> {
                route.assigningBegins(); // before the look: who enters after it has to be looked at again
                assign(route);
            });
        }
    }

    private boolean isUnreachable() {
        MetadataProblem problem = metadata.lastProblem();
        return problem != null && problem.isHopeless();
    }

    private void expireIn(long delayNanos, TopicRoute route) {
        expiries.put(route.topic(), loop.schedule(delayNanos, () -> expire(route)));
        if (aborted) {
            cancelExpiries(); // the abort may have looked before it was there
        }
    }

    private void cancelExpiries() {
        expiries.values().removeIf(timer -> {
            timer.cancel();
            return true;
        });
    }

    /** The partitions of a topic, as soon as they are known. Any thread. */
    CompletableFuture<List<PartitionInfo>> partitionsOf(String topic) {
        Question question = new Question(topic, new CompletableFuture<>());
        synchronized (questions) {
            questions.add(question);
        }
        try {
            metadata.track(topic);
            loop.execute(isUnreachable() ? this::onUnreachable : this::answerQuestions);
            question.expiry = loop.schedule(settings.maxBlockNanos(), () -> giveUp(question));
            CompletableFuture<List<PartitionInfo>> unused =
                    question.answer.whenComplete((partitions, failure) -> forget(question));
            if (aborted) {
                loop.execute(this::refuseQuestions); // the abort may have looked before it was there
            }
        } catch (RejectedExecutionException ended) {
            takeQuestions(each -> each == question).forEach(each -> refuse(each, failures.loopEnded(topic)));
        }
        return question.answer;
    }

    /** The cluster was described anew. Event loop. */
    void onClusterChanged() {
        for (TopicRoute route : routes.values()) {
            assign(route);
            // one step with the look: a record that enters now has said so before it puts its route here
            if (routes.computeIfPresent(
                            route.topic(), (topic, kept) -> kept.queues().hasWaiting() ? kept : null)
                    != null) {
                metadata.track(route.topic()); // waiting is a use: the topic must not be given up meanwhile
            }
        }
        answerQuestions();
    }

    /** Fails everything that waits because waiting is of no use. Event loop. */
    void onUnreachable() {
        MetadataProblem problem = metadata.lastProblem();
        if (problem == null || !problem.isHopeless()) {
            return; // over already
        }
        long now = loop.nanos();
        for (TopicRoute route : routes.values()) {
            fail(route, record -> true, record -> failures.unreachable(route.topic(), problem, now));
        }
        for (Question question : takeQuestions(any -> true)) {
            refuse(question, failures.unreachable(question.topic, problem, now));
        }
    }

    /** Fails the records that wait, because their transaction ends; questions are not concerned. Event loop. */
    void failRecords(ProducerException why) {
        for (TopicQueues topic : accumulator.topics()) { // also those whose senders have yet to enter their routes here
            completions.failWaiting(topic, accumulator.removeWaiting(topic, record -> true), waiting -> why);
        }
    }

    /** Fails everything that waits, because the producer closes. Event loop. */
    void abort(UndeliveredRecords undelivered) {
        abort(undelivered, failures::closedWhileWaiting);
    }

    /** Fails everything that waits, each topic for its reason. Event loop, or whoever is there when it has ended. */
    void abort(UndeliveredRecords undelivered, Function<String, ProducerException> why) {
        for (TopicQueues topic : accumulator.topics()) { // also those whose senders have yet to enter their routes here
            ProducerException failure = why.apply(topic.topic());
            List<WaitingRecord> removed = accumulator.removeWaiting(topic, record -> true);
            removed.forEach(waiting -> undelivered.add(toUndelivered(topic.topic(), waiting, failure)));
            completions.failWaiting(topic, removed, waiting -> failure);
        }
        aborted = true;
        cancelExpiries();
        for (Question question : takeQuestions(any -> true)) {
            refuse(question, why.apply(question.topic));
        }
    }

    private void refuseQuestions() {
        for (Question question : takeQuestions(any -> true)) {
            refuse(question, failures.closedWhileWaiting(question.topic));
        }
    }

    /** Answered, or given up by the user: nothing of the question stays behind. Any thread. */
    private void forget(Question question) {
        takeQuestions(each -> each == question);
        EventLoop.Timer expiry = question.expiry;
        if (expiry != null) {
            expiry.cancel();
        }
    }

    private void assign(TopicRoute route) {
        TopicSnapshot topic = metadata.snapshot().topic(route.topic());
        if (topic == null || !route.queues().hasWaiting()) {
            return;
        }
        if (isRefused(topic)) {
            fail(route, record -> true, record -> failures.topicRefused(route.topic(), topic.error()));
        } else if (topic.partitionCount() > 0) {
            Assignment assignment = new Assignment(route, topic);
            accumulator.assignWaiting(route.queues(), assignment);
            if (assignment.isUndecided()) {
                askUser(route);
            } else if (assignment.lacksPartition()) {
                metadata.requestUpdate(); // the refreshes slow down by themselves
            }
        }
    }

    /** Has the user's partitioner choose for the waiting records, where user code may run. */
    private void askUser(TopicRoute route) {
        if (route.armChoosing()) {
            delivery.execute(() -> choose(route));
        }
    }

    /** Delivery executor. */
    private void choose(TopicRoute route) {
        route.choosingBegins(); // before the look: who enters after it has to be asked for again
        TopicSnapshot topic = metadata.snapshot().topic(route.topic());
        if (topic == null || topic.partitionCount() == 0) {
            return; // forgotten meanwhile; the next snapshot begins anew
        }
        IdentityHashMap<WaitingRecord, ProducerException> failed = new IdentityHashMap<>();
        for (WaitingRecord waiting : route.queues().undecided()) {
            if (waiting.choice() instanceof UserPartitioner<?, ?>.Late late) {
                try {
                    late.decide(waiting.record(), route.viewOf(topic));
                } catch (ProducerException e) {
                    failed.put(waiting, e);
                }
            }
        }
        try {
            loop.execute(() -> {
                fail(route, failed::containsKey, failed::get);
                assign(route);
            });
        } catch (RejectedExecutionException closed) {
            return; // the close that ended the loop has failed the records
        }
    }

    private void expire(TopicRoute route) {
        expiries.remove(route.topic()); // before the next one can be armed
        route.expiryDone();
        long now = loop.nanos();
        Predicate<WaitingRecord> waitsForCluster = waitsForCluster(route);
        fail(
                route,
                waiting -> now - waiting.acceptedNanos() >= settings.maxBlockNanos() && waitsForCluster.test(waiting),
                waiting -> timedOut(route.topic(), waiting.partition(), now));
        armNextExpiry(route);
    }

    private void armNextExpiry(TopicRoute route) {
        Long oldestNanos = route.queues().oldestWaitingNanos(waitsForCluster(route));
        if (oldestNanos != null && route.armExpiry()) {
            expireIn(settings.maxBlockNanos() - (loop.nanos() - oldestNanos), route);
        }
    }

    /** Those that wait for bytes have a limit of their own, once the topic is known. */
    private Predicate<WaitingRecord> waitsForCluster(TopicRoute route) {
        TopicSnapshot topic = metadata.snapshot().topic(route.topic());
        boolean isKnown = topic != null && topic.partitionCount() > 0;
        return waiting -> !(isKnown && waiting.isHeldBack());
    }

    /** A record was accepted that lacks bytes: takes them when they come, and sees to it that it does not wait for ever. */
    void awaitBytes(TopicRoute route, LateSerialization late) {
        try {
            long limitNanos = Math.min(late.limitNanos(), settings.deliveryTimeoutNanos());
            late.setExpiry(loop.schedule(limitNanos, () -> onBytesMissing(route, late, limitNanos)));
        } catch (RejectedExecutionException closed) {
            return; // the close that ended the loop has failed the record
        }
        late.whenDone(() -> {
            try {
                loop.execute(() -> onBytes(route, late));
            } catch (RejectedExecutionException closed) {
                LOG.debug("bytes came after the producer was closed: topic={}", route.topic());
            }
        });
    }

    private void onBytes(TopicRoute route, LateSerialization late) {
        late.cancelExpiry();
        WaitingRecord waiting = late.waiting();
        if (waiting == null || !late.end()) {
            return;
        }
        LateSerialization.Part part = late.missingPart();
        Throwable thrown = part.failure();
        tellSerialized(route, waiting, thrown);
        if (thrown != null) {
            fail(
                    route,
                    each -> each == waiting,
                    each -> failures.serializationFailed(route.topic(), part.name(), part.object(), thrown));
        } else {
            take(route, waiting, late);
        }
        assign(route);
        armNextExpiry(route);
    }

    private void take(TopicRoute route, WaitingRecord waiting, LateSerialization late) {
        SerializedRecord bytes = new SerializedRecord();
        bytes.setTimestampMillis(waiting.record().timestampMillis());
        late.writeTo(bytes);
        ProducerException refusal = sizeLimits.check(route.topic(), bytes);
        if (refusal == null) {
            accumulator.bytesArrived(route.queues(), waiting, bytes);
        } else {
            fail(route, each -> each == waiting, each -> refusal);
        }
    }

    private void onBytesMissing(TopicRoute route, LateSerialization late, long limitNanos) {
        WaitingRecord waiting = late.waiting();
        if (waiting == null || !late.end()) {
            return;
        }
        LateSerialization.Part part = late.missingPart();
        ProducerException failure = failures.serializationTimedOut(
                route.topic(), part.name(), part.object(), limitNanos, limitNanos < late.limitNanos());
        tellSerialized(route, waiting, failure);
        fail(route, each -> each == waiting, each -> failure);
        assign(route);
        armNextExpiry(route);
    }

    private void tellSerialized(TopicRoute route, WaitingRecord waiting, @Nullable Throwable failure) {
        if (observer.isActive()) {
            SerializationEnd end = new SerializationEnd(route.topic(), loop.nanos() - waiting.acceptedNanos(), failure);
            observer.tell(to -> to.onSerializationEnded(end));
        }
    }

    private ProducerException timedOut(String topic, @Nullable Integer partition, long now) {
        TopicSnapshot known = metadata.snapshot().topic(topic);
        if (partition != null && known != null && known.partitionCount() > 0) {
            return failures.noSuchPartition(topic, partition, known.partitionCount());
        }
        return failures.topicUnknown(topic, metadata.problemOf(topic), metadata.lastProblem(), now);
    }

    private void fail(
            TopicRoute route, Predicate<WaitingRecord> which, Function<WaitingRecord, ProducerException> why) {
        completions.failWaiting(route.queues(), accumulator.removeWaiting(route.queues(), which), why);
    }

    private void answerQuestions() {
        for (Question question : takeQuestions(this::canAnswer)) {
            TopicSnapshot topic = metadata.snapshot().topic(question.topic);
            if (topic != null && isRefused(topic)) {
                refuse(question, failures.topicRefused(question.topic, topic.error()));
            } else if (topic != null) {
                delivery.execute(() -> question.answer.complete(topic.partitions()));
            }
        }
    }

    private boolean canAnswer(Question question) {
        TopicSnapshot topic = metadata.snapshot().topic(question.topic);
        return topic != null && (isRefused(topic) || topic.partitionCount() > 0);
    }

    private void giveUp(Question question) {
        if (!takeQuestions(each -> each == question).isEmpty()) {
            refuse(question, timedOut(question.topic, null, loop.nanos()));
        }
    }

    private void refuse(Question question, ProducerException failure) {
        delivery.execute(() -> question.answer.completeExceptionally(failure)); // continuations are user code
    }

    private List<Question> takeQuestions(Predicate<Question> which) {
        List<Question> taken = new ArrayList<>();
        synchronized (questions) {
            for (Iterator<Question> all = questions.iterator(); all.hasNext(); ) {
                Question question = all.next();
                if (which.test(question)) {
                    all.remove();
                    taken.add(question);
                }
            }
        }
        return taken;
    }

    /** Whether the cluster says that waiting for the topic is useless. */
    static boolean isRefused(TopicSnapshot topic) {
        ErrorCode error = topic.error();
        return error != ErrorCode.NONE && !error.isRetriable();
    }

    private static UndeliveredRecord toUndelivered(String topic, WaitingRecord waiting, ProducerException failure) {
        Integer chosen = waiting.partition();
        int partition = chosen == null ? RecordMetadata.UNKNOWN_PARTITION : chosen;
        SerializedRecord record = waiting.record();
        return waiting.lacksBytes()
                ? UndeliveredRecord.withoutBytes(topic, partition, record.timestampMillis(), record.headers(), failure)
                : record.toUndelivered(topic, partition, failure);
    }

    private static final class Question {
        final String topic;
        final CompletableFuture<List<PartitionInfo>> answer;
        EventLoop.@Nullable Timer expiry; // set before anybody can see the answer

        Question(String topic, CompletableFuture<List<PartitionInfo>> answer) {
            this.topic = topic;
            this.answer = answer;
        }
    }
}
