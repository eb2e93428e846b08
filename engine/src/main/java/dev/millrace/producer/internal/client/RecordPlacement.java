package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.LateBytes;
import dev.millrace.producer.internal.accumulator.LateChoice;
import dev.millrace.producer.internal.accumulator.RecordAccumulator.Acceptance;
import dev.millrace.producer.internal.accumulator.RecordCompletion;
import dev.millrace.producer.internal.accumulator.UnassignedRecord;
import dev.millrace.producer.internal.accumulator.WaitingRecord;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.TopicSnapshot;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.partitioning.Partitioner;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place of a record: at the end of the queue of its partition, or among those that wait until one can be chosen.
 * Callers' threads.
 */
final class RecordPlacement<K extends @Nullable Object, V extends @Nullable Object> {

    private final AcceptFailures failures;
    private final ClusterMetadata metadata;
    private final WaitingRoom waitingRoom;
    private final TopicRoutes routes;
    private final PatientAppend appends;
    private final @Nullable UserPartitioner<K, V> partitioner; // null if the engine chooses

    RecordPlacement(
            ClientParts parts,
            AcceptFailures failures,
            WaitingRoom waitingRoom,
            TopicRoutes routes,
            PatientAppend appends,
            @Nullable Partitioner<? super K, ? super V> partitioner) {
        this.failures = failures;
        this.metadata = parts.metadata();
        this.waitingRoom = waitingRoom;
        this.routes = routes;
        this.appends = appends;
        this.partitioner = partitioner == null ? null : new UserPartitioner<>(partitioner, failures);
    }

    /**
     * Places a record that is in the scratch, waiting for memory if it must and may.
     *
     * @return what the record fails with, null if it is placed or the patience was exhausted without words
     * @throws IllegalStateException if the producer closed meanwhile
     */
    @Nullable
    ProducerException place(ProducerRecord<K, V> record, SendScratch scratch, RecordCompletion completion) {
        SerializedRecord bytes = scratch.record();
        Patience patience = scratch.patience();
        TopicRoute route = routes.to(record.topic());
        try {
            metadata.track(record.topic());
            Integer chosen = record.partition();
            Acceptance acceptance = null;
            boolean needNotWait = false;
            while (acceptance == null) {
                TopicSnapshot topic = route.known();
                if (topic != null && WaitingRoom.isRefused(topic)) {
                    return failures.topicRefused(record.topic(), topic.error());
                }
                if (topic != null && topic.partitionCount() > 0) {
                    if (chosen == null && partitioner != null) { // once, however often the loop turns
                        chosen = partitioner.choose(record, bytes, route.viewOf(topic));
                    }
                    if (needNotWait || !route.queues().hasWaiting()) {
                        acceptance = appendTo(route, topic, chosen, bytes, completion, patience);
                    }
                }
                if (acceptance == null) {
                    TopicRoute current = route;
                    Integer partition = chosen;
                    acceptance = letWait(
                            waiting(record, bytes, chosen, null, completion),
                            route,
                            earlier -> mustWait(current, partition, earlier),
                            patience);
                    needNotWait = acceptance == null; // those that wait, wait for a partition the topic does not have
                }
                if (acceptance == Acceptance.RETIRED) {
                    route = routes.instead(route);
                    acceptance = null;
                    needNotWait = false;
                }
            }
            return appends.refusalFor(acceptance, record.topic(), bytes, patience);
        } catch (ProducerException e) { // the user's partitioner did not choose
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            throw closedBy(e);
        }
    }

    /**
     * Places a record whose bytes have yet to come: until then it waits with those that wait for the cluster. Returns and
     * throws as {@link #place}.
     */
    @Nullable
    ProducerException placeWithoutBytes(ProducerRecord<K, V> record, SendScratch scratch, LateSerialization late) {
        SerializedRecord known = scratch.record();
        Patience patience = scratch.patience();
        UnassignedRecord unassigned = waiting(record, known, record.partition(), late, late.completion());
        TopicRoute route = routes.to(record.topic());
        try {
            metadata.track(record.topic());
            TopicSnapshot topic = route.known();
            if (topic != null && WaitingRoom.isRefused(topic)) {
                return failures.topicRefused(record.topic(), topic.error());
            }
            Acceptance acceptance = letWait(unassigned, route, earlier -> true, patience);
            while (acceptance == Acceptance.RETIRED) {
                route = routes.instead(route);
                acceptance = letWait(unassigned, route, earlier -> true, patience);
            }
            if (acceptance == Acceptance.ACCEPTED) {
                waitingRoom.awaitBytes(route, late);
                return null;
            }
            return acceptance == null ? null : appends.refusalFor(acceptance, record.topic(), known, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failures.interrupted("waiting for buffer memory", e);
        } catch (RejectedExecutionException e) { // the loop ended before the record was accepted
            throw closedBy(e);
        }
    }

    /** Appends to the partition chosen, or now to be chosen; null if the topic does not have it yet. */
    private @Nullable Acceptance appendTo(
            TopicRoute route,
            TopicSnapshot topic,
            @Nullable Integer chosen,
            SerializedRecord bytes,
            RecordCompletion completion,
            Patience patience)
            throws InterruptedException {
        int partition = route.partitionFor(topic, chosen, bytes);
        if (partition == RecordMetadata.UNKNOWN_PARTITION) {
            return null;
        }
        Acceptance acceptance = appends.append(route.queues().queue(partition), bytes, completion, patience);
        if (acceptance == Acceptance.ACCEPTED) {
            route.appended(topic, chosen, bytes, partition, completion.grownBytes());
        }
        return acceptance;
    }

    private UnassignedRecord waiting(
            ProducerRecord<K, V> record,
            SerializedRecord bytes,
            @Nullable Integer chosen,
            @Nullable LateBytes late,
            RecordCompletion completion) {
        LateChoice choice = chosen != null || partitioner == null ? null : partitioner.defer(record);
        return new UnassignedRecord(bytes, chosen, choice, late, completion);
    }

    /** Lets a record wait for its partition; null if it need not. */
    private @Nullable Acceptance letWait(
            UnassignedRecord record, TopicRoute route, Predicate<Iterable<WaitingRecord>> mustWait, Patience patience)
            throws InterruptedException {
        Acceptance acceptance = appends.appendUnassigned(route.queues(), record, mustWait, patience);
        if (acceptance == Acceptance.ACCEPTED) {
            try {
                waitingRoom.entered(route);
            } catch (RejectedExecutionException closed) {
                return acceptance; // the close that ended the loop has failed the record
            }
        }
        return acceptance;
    }

    /** Whether a record cannot be assigned yet, or another one that will be assigned has to go before it. */
    private boolean mustWait(TopicRoute route, @Nullable Integer partition, Iterable<WaitingRecord> earlier) {
        TopicSnapshot topic = route.known();
        if (topic == null || topic.partitionCount() == 0) {
            return topic == null || !WaitingRoom.isRefused(topic);
        }
        if (partition != null && partition >= topic.partitionCount()) {
            return true;
        }
        for (WaitingRecord waiting : earlier) {
            Integer chosen = waiting.partition();
            if (chosen == null || chosen < topic.partitionCount()) {
                return true;
            }
        }
        return false;
    }

    private IllegalStateException closedBy(RejectedExecutionException loopEnded) {
        IllegalStateException closed = failures.closed();
        closed.initCause(loopEnded);
        return closed;
    }
}
