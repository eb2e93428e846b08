package dev.millrace.producer.internal.sender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.Recovery;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole table of reactions, beside what the reference does. A code that is added to the protocol has to be added
 * here, and each difference has its reason.
 */
class ProduceErrorsTest {

    private static final Set<ErrorCode> RETRIED = EnumSet.of(
            ErrorCode.CORRUPT_MESSAGE,
            ErrorCode.REQUEST_TIMED_OUT,
            ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode.COORDINATOR_NOT_AVAILABLE,
            ErrorCode.NOT_COORDINATOR,
            ErrorCode.NOT_ENOUGH_REPLICAS,
            ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            ErrorCode.NOT_CONTROLLER,
            ErrorCode.CONCURRENT_TRANSACTIONS,
            ErrorCode.UNKNOWN_LEADER_EPOCH,
            ErrorCode.OFFSET_NOT_AVAILABLE,
            ErrorCode.THROTTLING_QUOTA_EXCEEDED,
            // no broker answers a write with one of these; the reference would retry
            ErrorCode.FETCH_SESSION_ID_NOT_FOUND,
            ErrorCode.INVALID_FETCH_SESSION_EPOCH,
            ErrorCode.UNSTABLE_OFFSET_COMMIT,
            ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR,
            ErrorCode.SHARE_SESSION_NOT_FOUND,
            ErrorCode.INVALID_SHARE_SESSION_EPOCH,
            ErrorCode.SHARE_SESSION_LIMIT_REACHED);

    private static final Set<ErrorCode> REFRESHED = EnumSet.of(
            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
            ErrorCode.LEADER_NOT_AVAILABLE,
            ErrorCode.NOT_LEADER_OR_FOLLOWER,
            ErrorCode.REPLICA_NOT_AVAILABLE,
            ErrorCode.NETWORK_EXCEPTION,
            ErrorCode.KAFKA_STORAGE_ERROR,
            ErrorCode.LISTENER_NOT_FOUND,
            ErrorCode.FENCED_LEADER_EPOCH,
            ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
            ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
            ErrorCode.ELECTION_NOT_NEEDED,
            ErrorCode.UNKNOWN_TOPIC_ID,
            ErrorCode.INCONSISTENT_TOPIC_ID);

    private static final Set<ErrorCode> REJECTED = EnumSet.of(
            ErrorCode.UNKNOWN_SERVER_ERROR,
            ErrorCode.OFFSET_OUT_OF_RANGE,
            ErrorCode.INVALID_FETCH_SIZE,
            ErrorCode.BROKER_NOT_AVAILABLE,
            ErrorCode.STALE_CONTROLLER_EPOCH,
            ErrorCode.OFFSET_METADATA_TOO_LARGE,
            ErrorCode.INVALID_TOPIC_EXCEPTION,
            ErrorCode.INVALID_REQUIRED_ACKS,
            ErrorCode.ILLEGAL_GENERATION,
            ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
            ErrorCode.INVALID_GROUP_ID,
            ErrorCode.UNKNOWN_MEMBER_ID,
            ErrorCode.INVALID_SESSION_TIMEOUT,
            ErrorCode.REBALANCE_IN_PROGRESS,
            ErrorCode.INVALID_COMMIT_OFFSET_SIZE,
            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
            ErrorCode.GROUP_AUTHORIZATION_FAILED,
            ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
            ErrorCode.INVALID_TIMESTAMP,
            ErrorCode.UNSUPPORTED_SASL_MECHANISM,
            ErrorCode.ILLEGAL_SASL_STATE,
            ErrorCode.UNSUPPORTED_VERSION,
            ErrorCode.TOPIC_ALREADY_EXISTS,
            ErrorCode.INVALID_PARTITIONS,
            ErrorCode.INVALID_REPLICATION_FACTOR,
            ErrorCode.INVALID_REPLICA_ASSIGNMENT,
            ErrorCode.INVALID_CONFIG,
            ErrorCode.INVALID_REQUEST,
            ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT,
            ErrorCode.POLICY_VIOLATION,
            ErrorCode.INVALID_TXN_STATE,
            ErrorCode.INVALID_PRODUCER_ID_MAPPING,
            ErrorCode.INVALID_TRANSACTION_TIMEOUT,
            ErrorCode.TRANSACTION_COORDINATOR_FENCED,
            ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
            ErrorCode.SECURITY_DISABLED,
            ErrorCode.OPERATION_NOT_ATTEMPTED,
            ErrorCode.LOG_DIR_NOT_FOUND,
            ErrorCode.SASL_AUTHENTICATION_FAILED,
            ErrorCode.REASSIGNMENT_IN_PROGRESS,
            ErrorCode.DELEGATION_TOKEN_AUTH_DISABLED,
            ErrorCode.DELEGATION_TOKEN_NOT_FOUND,
            ErrorCode.DELEGATION_TOKEN_OWNER_MISMATCH,
            ErrorCode.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
            ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED,
            ErrorCode.DELEGATION_TOKEN_EXPIRED,
            ErrorCode.INVALID_PRINCIPAL_TYPE,
            ErrorCode.NON_EMPTY_GROUP,
            ErrorCode.GROUP_ID_NOT_FOUND,
            ErrorCode.TOPIC_DELETION_DISABLED,
            ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
            ErrorCode.STALE_BROKER_EPOCH,
            ErrorCode.MEMBER_ID_REQUIRED,
            ErrorCode.GROUP_MAX_SIZE_REACHED,
            ErrorCode.FENCED_INSTANCE_ID,
            ErrorCode.NO_REASSIGNMENT_IN_PROGRESS,
            ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC,
            ErrorCode.INVALID_RECORD,
            ErrorCode.PRODUCER_FENCED,
            ErrorCode.RESOURCE_NOT_FOUND,
            ErrorCode.DUPLICATE_RESOURCE,
            ErrorCode.UNACCEPTABLE_CREDENTIAL,
            ErrorCode.INCONSISTENT_VOTER_SET,
            ErrorCode.INVALID_UPDATE_VERSION,
            ErrorCode.FEATURE_UPDATE_FAILED,
            ErrorCode.PRINCIPAL_DESERIALIZATION_FAILURE,
            ErrorCode.SNAPSHOT_NOT_FOUND,
            ErrorCode.POSITION_OUT_OF_RANGE,
            ErrorCode.DUPLICATE_BROKER_REGISTRATION,
            ErrorCode.BROKER_ID_NOT_REGISTERED,
            ErrorCode.INCONSISTENT_CLUSTER_ID,
            ErrorCode.TRANSACTIONAL_ID_NOT_FOUND,
            ErrorCode.INELIGIBLE_REPLICA,
            ErrorCode.NEW_LEADER_ELECTED,
            ErrorCode.OFFSET_MOVED_TO_TIERED_STORAGE,
            ErrorCode.FENCED_MEMBER_EPOCH,
            ErrorCode.UNRELEASED_INSTANCE_ID,
            ErrorCode.UNSUPPORTED_ASSIGNOR,
            ErrorCode.STALE_MEMBER_EPOCH,
            ErrorCode.MISMATCHED_ENDPOINT_TYPE,
            ErrorCode.UNSUPPORTED_ENDPOINT_TYPE,
            ErrorCode.UNKNOWN_CONTROLLER_ID,
            ErrorCode.UNKNOWN_SUBSCRIPTION_ID,
            ErrorCode.TELEMETRY_TOO_LARGE,
            ErrorCode.INVALID_REGISTRATION,
            ErrorCode.TRANSACTION_ABORTABLE,
            ErrorCode.INVALID_RECORD_STATE,
            ErrorCode.FENCED_STATE_EPOCH,
            ErrorCode.INVALID_VOTER_KEY,
            ErrorCode.DUPLICATE_VOTER,
            ErrorCode.VOTER_NOT_FOUND,
            ErrorCode.INVALID_REGULAR_EXPRESSION,
            ErrorCode.REBOOTSTRAP_REQUIRED,
            ErrorCode.STREAMS_INVALID_TOPOLOGY,
            ErrorCode.STREAMS_INVALID_TOPOLOGY_EPOCH,
            ErrorCode.STREAMS_TOPOLOGY_FENCED);

    /** What the reference does otherwise, with our reason. */
    private static final Map<ErrorCode, String> DIFFERENCES = differences();

    @Test
    @Tag("row-56")
    void reactsToEveryCodeAsTheTableSays() {
        Map<ErrorCode, Reaction> expected = new EnumMap<>(ErrorCode.class);
        REJECTED.forEach(error -> expected.put(error, Reaction.REJECT));
        RETRIED.forEach(error -> expected.put(error, Reaction.RETRY));
        REFRESHED.forEach(error -> expected.put(error, Reaction.REFRESH_AND_RETRY));
        expected.put(ErrorCode.NONE, Reaction.ACKNOWLEDGE);
        expected.put(ErrorCode.DUPLICATE_SEQUENCE_NUMBER, Reaction.ACKNOWLEDGE);
        expected.put(ErrorCode.MESSAGE_TOO_LARGE, Reaction.SPLIT);
        expected.put(ErrorCode.RECORD_LIST_TOO_LARGE, Reaction.SPLIT);
        expected.put(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, Reaction.NEW_EPOCH);
        expected.put(ErrorCode.UNKNOWN_PRODUCER_ID, Reaction.NEW_EPOCH);
        expected.put(ErrorCode.INVALID_PRODUCER_EPOCH, Reaction.NEW_EPOCH);

        Map<ErrorCode, Reaction> actual = new EnumMap<>(ErrorCode.class);
        for (ErrorCode error : ErrorCode.values()) {
            actual.put(error, ProduceErrors.reactionTo(error));
        }

        assertThat(actual).isEqualTo(expected);
    }

    /** A broker may answer with any of them; a code without a row here would be rejected for no reason. */
    @Test
    @Tag("row-56")
    @Tag("row-57")
    void everyCodeTheReferenceKnowsHasOneRow() {
        Set<ErrorCode> own = EnumSet.of(
                ErrorCode.NONE,
                ErrorCode.DUPLICATE_SEQUENCE_NUMBER,
                ErrorCode.MESSAGE_TOO_LARGE,
                ErrorCode.RECORD_LIST_TOO_LARGE,
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                ErrorCode.UNKNOWN_PRODUCER_ID,
                ErrorCode.INVALID_PRODUCER_EPOCH);
        for (Errors reference : Errors.values()) {
            ErrorCode error = ErrorCode.of(reference.code());
            assertThat(error.name()).as("code %s is known", reference.code()).isEqualTo(reference.name());
            assertThat(Stream.of(own, RETRIED, REFRESHED, REJECTED).filter(rows -> rows.contains(error)))
                    .as("rows of %s", error)
                    .hasSize(1);
        }
    }

    @Test
    @Tag("row-57")
    void differsFromTheReferenceOnlyWhereAReasonIsGiven() {
        Set<ErrorCode> different = EnumSet.noneOf(ErrorCode.class);
        for (ErrorCode error : ErrorCode.values()) {
            if (ProduceErrors.reactionTo(error) != reactionOfReference(error)) {
                different.add(error);
            }
        }
        // fatal there, a rejected batch here: the same reaction to the batch, but the producer goes on
        different.addAll(EnumSet.of(
                ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                ErrorCode.UNSUPPORTED_VERSION,
                ErrorCode.INVALID_PRODUCER_ID_MAPPING,
                ErrorCode.PRODUCER_FENCED));

        assertThat(different).isEqualTo(DIFFERENCES.keySet());
        assertThat(DIFFERENCES.values()).noneMatch(String::isBlank);
    }

    @Test
    void saysWhatMayBeInTheLogAllTheSame() {
        Set<ErrorCode> perhaps = EnumSet.allOf(ErrorCode.class).stream()
                .filter(ProduceErrors::mayHaveBeenWritten)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ErrorCode.class)));

        assertThat(perhaps)
                .containsExactlyInAnyOrder(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        ErrorCode.NOT_LEADER_OR_FOLLOWER, // replaced while it waited for the other replicas
                        ErrorCode.REQUEST_TIMED_OUT,
                        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                        ErrorCode.KAFKA_STORAGE_ERROR); // the disk failed while it waited
    }

    @Test
    void hasARemedyForEveryCode() {
        for (ErrorCode error : ErrorCode.values()) {
            ProduceErrors.Remedy remedy = ProduceErrors.remedyFor(error);
            assertThat(remedy.text()).as(error.name()).isNotBlank();
            assertThat(remedy.text()).as(error.name()).doesNotEndWith(".");
        }
        assertThat(ProduceErrors.remedyFor(ErrorCode.MESSAGE_TOO_LARGE).recovery())
                .isEqualTo(Recovery.CHANGE_RECORD);
        assertThat(ProduceErrors.remedyFor(ErrorCode.TOPIC_AUTHORIZATION_FAILED).recovery())
                .isEqualTo(Recovery.CHANGE_CLUSTER);
    }

    private static Reaction reactionOfReference(ErrorCode error) {
        switch (error) {
            case NONE:
            case DUPLICATE_SEQUENCE_NUMBER:
                return Reaction.ACKNOWLEDGE;
            case MESSAGE_TOO_LARGE:
                return Reaction.SPLIT;
            case OUT_OF_ORDER_SEQUENCE_NUMBER:
            case UNKNOWN_PRODUCER_ID:
                return Reaction.NEW_EPOCH; // where it is the batch next expected
            default:
                if (error.asksForFreshMetadata()) {
                    return Reaction.REFRESH_AND_RETRY;
                }
                return error.isRetriable() ? Reaction.RETRY : Reaction.REJECT;
        }
    }

    private static Map<ErrorCode, String> differences() {
        Map<ErrorCode, String> reasons = new EnumMap<>(ErrorCode.class);
        reasons.put(
                ErrorCode.RECORD_LIST_TOO_LARGE,
                "rejected there; a batch larger than a log segment may well fit once it is split");
        reasons.put(
                ErrorCode.INVALID_PRODUCER_EPOCH,
                "rejected there with a new epoch for what follows; the batch was not appended, so it can have it too");
        String notFatal = "fatal for the producer there; without a transactional id no error is";
        reasons.put(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, notFatal);
        reasons.put(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, notFatal);
        reasons.put(ErrorCode.UNSUPPORTED_VERSION, notFatal);
        reasons.put(ErrorCode.INVALID_PRODUCER_ID_MAPPING, notFatal);
        reasons.put(ErrorCode.PRODUCER_FENCED, notFatal);
        return reasons;
    }
}
