package dev.millrace.producer.internal.sender;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.Recovery;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each error code of a Produce response means. Codes without a row of their own react by what the protocol says of
 * them in general: retriable ones are retried, all others rejected. Pure.
 */
final class ProduceErrors {

    private static final Set<ErrorCode> WRITTEN_PERHAPS = EnumSet.of(
            ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            ErrorCode.REQUEST_TIMED_OUT,
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.KAFKA_STORAGE_ERROR,
            ErrorCode.UNKNOWN_SERVER_ERROR);
    private static final Map<ErrorCode, Reaction> REACTIONS = reactions();
    private static final Map<ErrorCode, Remedy> REMEDIES = remedies();

    private ProduceErrors() {}

    static Reaction reactionTo(ErrorCode error) {
        return REACTIONS.getOrDefault(error, Reaction.REJECT);
    }

    static Remedy remedyFor(ErrorCode error) {
        return REMEDIES.getOrDefault(error, Remedy.UNKNOWN);
    }

    /** What the client is not allowed to do with the topic, null if the error is not about that. */
    static @Nullable Permission missing(ErrorCode error, String topic) {
        return switch (error) {
            case TOPIC_AUTHORIZATION_FAILED -> Permission.toWrite(topic);
            case CLUSTER_AUTHORIZATION_FAILED -> Permission.toWriteIdempotently();
            default -> null;
        };
    }

    /** What helps against a missing permission, as the end of a message. */
    static String remedyFor(Permission missing) {
        return missing.resource() == Permission.Resource.CLUSTER
                ? missing.remedy() + ", or WRITE on any topic if the brokers are of 2.8 or later, or set "
                        + Setting.IDEMPOTENCE + "=false"
                : missing.remedy();
    }

    /**
     * Whether a batch answered with this error may be in the log all the same. A leader that has appended it and waits for
     * the other replicas answers NOT_LEADER_OR_FOLLOWER if it is replaced and KAFKA_STORAGE_ERROR if its disk fails
     * meanwhile (Kafka 4.0, DelayedProduce); an unexpected error says nothing of when it happened.
     */
    static boolean mayHaveBeenWritten(ErrorCode error) {
        return WRITTEN_PERHAPS.contains(error);
    }

    /**
     * What helps against an error.
     *
     * @param recovery who has to change something
     * @param text what, as the end of a message
     */
    record Remedy(Recovery recovery, String text) {

        static final Remedy UNKNOWN = new Remedy(Recovery.CHANGE_CLUSTER, "see the broker's log for the reason");
    }

    private static Map<ErrorCode, Reaction> reactions() {
        Map<ErrorCode, Reaction> table = new EnumMap<>(ErrorCode.class);
        for (ErrorCode error : ErrorCode.values()) {
            if (error.asksForFreshMetadata()) {
                table.put(error, Reaction.REFRESH_AND_RETRY);
            } else if (error.isRetriable()) {
                table.put(error, Reaction.RETRY);
            }
        }
        table.put(ErrorCode.NONE, Reaction.ACKNOWLEDGE);
        table.put(ErrorCode.DUPLICATE_SEQUENCE_NUMBER, Reaction.ACKNOWLEDGE);
        table.put(ErrorCode.MESSAGE_TOO_LARGE, Reaction.SPLIT);
        table.put(ErrorCode.RECORD_LIST_TOO_LARGE, Reaction.SPLIT);
        table.put(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, Reaction.NEW_EPOCH);
        table.put(ErrorCode.UNKNOWN_PRODUCER_ID, Reaction.NEW_EPOCH);
        table.put(ErrorCode.INVALID_PRODUCER_EPOCH, Reaction.NEW_EPOCH);
        return table;
    }

    private static Map<ErrorCode, Remedy> remedies() {
        Map<ErrorCode, Remedy> table = new EnumMap<>(ErrorCode.class);
        table.put(
                ErrorCode.MESSAGE_TOO_LARGE,
                new Remedy(
                        Recovery.CHANGE_RECORD,
                        "make the record smaller or raise max.message.bytes of the topic (message.max.bytes of the"
                                + " broker)"));
        table.put(
                ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                new Remedy(Recovery.CHANGE_CLUSTER, "grant this client's principal WRITE on the topic"));
        table.put(
                ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                new Remedy(
                        Recovery.CHANGE_CLUSTER,
                        "grant this client's principal IDEMPOTENT_WRITE on the cluster, or WRITE on any topic if the"
                                + " brokers are of 2.8 or later, or set app.producer.idempotence=false"));
        table.put(
                ErrorCode.INVALID_RECORD,
                new Remedy(
                        Recovery.CHANGE_RECORD,
                        "the broker's rules for the topic refuse it, for example a record without key on a compacted"
                                + " topic"));
        table.put(
                ErrorCode.INVALID_TIMESTAMP,
                new Remedy(
                        Recovery.CHANGE_RECORD,
                        "bring the timestamp within message.timestamp.before.max.ms and .after.max.ms of the topic"));
        table.put(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                new Remedy(
                        Recovery.CHANGE_RECORD, "use a topic name of at most 249 letters, digits, '.', '_' and '-'"));
        Remedy moreReplicas =
                new Remedy(Recovery.RETRY, "bring replicas back in sync, or lower min.insync.replicas of the topic");
        table.put(ErrorCode.NOT_ENOUGH_REPLICAS, moreReplicas);
        table.put(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, moreReplicas);
        Remedy createTopic = new Remedy(
                Recovery.CHANGE_CLUSTER, "create the topic, or allow auto.create.topics.enable on the brokers");
        table.put(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, createTopic);
        table.put(ErrorCode.UNKNOWN_TOPIC_ID, createTopic); // it was deleted, and perhaps made anew
        Remedy findLeader = new Remedy(Recovery.RETRY, "check that the brokers agree on the leader of the partition");
        table.put(ErrorCode.NOT_LEADER_OR_FOLLOWER, findLeader);
        table.put(ErrorCode.FENCED_LEADER_EPOCH, findLeader);
        table.put(
                ErrorCode.LEADER_NOT_AVAILABLE,
                new Remedy(Recovery.RETRY, "start a broker that holds an in-sync replica of the partition"));
        table.put(ErrorCode.KAFKA_STORAGE_ERROR, new Remedy(Recovery.RETRY, "check the disks of the broker"));
        table.put(
                ErrorCode.CORRUPT_MESSAGE,
                new Remedy(Recovery.RETRY, "look for a proxy or hardware that changes bytes on their way"));
        table.put(
                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                new Remedy(Recovery.CHANGE_CONFIGURATION, "use a codec this broker knows"));
        table.put(
                ErrorCode.POLICY_VIOLATION,
                new Remedy(Recovery.CHANGE_RECORD, "see which policy of the brokers refuses the record"));
        table.put(
                ErrorCode.PRODUCER_FENCED,
                new Remedy(
                        Recovery.NEW_PRODUCER,
                        "another producer has taken over the transactional id, or the coordinator has ended the"
                                + " transaction; no two producers that work at the same time may have the same id"));
        table.put(
                ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                new Remedy(Recovery.CHANGE_CLUSTER, "grant this client's principal WRITE on the transactional id"));
        table.put(
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                new Remedy(
                        Recovery.RETRY,
                        "the cluster has forgotten the transactional id (transactional.id.expiration.ms); abort the"
                                + " transaction and do its work again"));
        Remedy abort = new Remedy(Recovery.RETRY, "abort the transaction and do its work again in a new one");
        table.put(ErrorCode.INVALID_TXN_STATE, abort);
        table.put(ErrorCode.TRANSACTION_ABORTABLE, abort);
        table.put(
                ErrorCode.CONCURRENT_TRANSACTIONS,
                new Remedy(Recovery.RETRY, "check that the transaction's coordinator ends the last transaction"));
        return table;
    }
}
