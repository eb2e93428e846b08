package dev.millrace.producer.internal.transaction;

import static dev.millrace.producer.errors.ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
import static dev.millrace.producer.errors.ErrorCode.CONCURRENT_TRANSACTIONS;
import static dev.millrace.producer.errors.ErrorCode.COORDINATOR_NOT_AVAILABLE;
import static dev.millrace.producer.errors.ErrorCode.FENCED_INSTANCE_ID;
import static dev.millrace.producer.errors.ErrorCode.GROUP_AUTHORIZATION_FAILED;
import static dev.millrace.producer.errors.ErrorCode.ILLEGAL_GENERATION;
import static dev.millrace.producer.errors.ErrorCode.INVALID_PRODUCER_EPOCH;
import static dev.millrace.producer.errors.ErrorCode.INVALID_PRODUCER_ID_MAPPING;
import static dev.millrace.producer.errors.ErrorCode.INVALID_TRANSACTION_TIMEOUT;
import static dev.millrace.producer.errors.ErrorCode.INVALID_TXN_STATE;
import static dev.millrace.producer.errors.ErrorCode.NONE;
import static dev.millrace.producer.errors.ErrorCode.NOT_COORDINATOR;
import static dev.millrace.producer.errors.ErrorCode.OPERATION_NOT_ATTEMPTED;
import static dev.millrace.producer.errors.ErrorCode.PRODUCER_FENCED;
import static dev.millrace.producer.errors.ErrorCode.REQUEST_TIMED_OUT;
import static dev.millrace.producer.errors.ErrorCode.TOPIC_AUTHORIZATION_FAILED;
import static dev.millrace.producer.errors.ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
import static dev.millrace.producer.errors.ErrorCode.TRANSACTION_ABORTABLE;
import static dev.millrace.producer.errors.ErrorCode.UNKNOWN_MEMBER_ID;
import static dev.millrace.producer.errors.ErrorCode.UNKNOWN_PRODUCER_ID;
import static dev.millrace.producer.errors.ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class TransactionReactionsTest {

    private static final List<Inquiry> COLUMNS = List.of(
            Inquiry.IDENTITY, Inquiry.COORDINATOR, Inquiry.PARTITIONS, Inquiry.GROUP, Inquiry.OFFSETS, Inquiry.COMMIT);

    private static final Map<ErrorCode, String> ROWS = rows();

    /** r retry, s retry soon, f find and retry, a abort, c check fencing, i renew identity, x refused, F fatal. */
    private static Map<ErrorCode, String> rows() {
        Map<ErrorCode, String> rows = new LinkedHashMap<>();
        //                              identity coordinator partitions group offsets commit
        rows.put(NONE, "......");
        rows.put(COORDINATOR_NOT_AVAILABLE, "frffff");
        rows.put(NOT_COORDINATOR, "frffff");
        rows.put(REQUEST_TIMED_OUT, "rrrrfr");
        rows.put(CONCURRENT_TRANSACTIONS, "ssssss");
        rows.put(INVALID_PRODUCER_EPOCH, "FFcccc");
        rows.put(PRODUCER_FENCED, "FFcccc");
        rows.put(TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "xxFFFF");
        rows.put(CLUSTER_AUTHORIZATION_FAILED, "xFaFFF");
        rows.put(TOPIC_AUTHORIZATION_FAILED, "FFaFaF");
        rows.put(GROUP_AUTHORIZATION_FAILED, "FaaaaF");
        rows.put(INVALID_TXN_STATE, "FFFFFc");
        rows.put(INVALID_PRODUCER_ID_MAPPING, "FFiiii");
        rows.put(INVALID_TRANSACTION_TIMEOUT, "FFaFFF");
        rows.put(OPERATION_NOT_ATTEMPTED, "FFaFFF");
        rows.put(UNKNOWN_PRODUCER_ID, "FFaaFa");
        rows.put(TRANSACTION_ABORTABLE, "xaaaaa");
        rows.put(ILLEGAL_GENERATION, "FFaFaF");
        rows.put(UNKNOWN_MEMBER_ID, "FFaFaF");
        rows.put(FENCED_INSTANCE_ID, "FFaFaF");
        rows.put(UNSUPPORTED_FOR_MESSAGE_FORMAT, "FFaFFF");
        return rows;
    }

    @Test
    @Tag("row-95")
    void everyCellIsAsWritten() {
        Map<ErrorCode, String> cells = new LinkedHashMap<>();
        for (ErrorCode error : ROWS.keySet()) {
            StringBuilder row = new StringBuilder();
            COLUMNS.forEach(column -> row.append(letter(TransactionReactions.to(column, error))));
            cells.put(error, row.toString());
        }
        assertThat(cells).isEqualTo(ROWS);
    }

    private static char letter(Reaction reaction) {
        return switch (reaction) {
            case DONE -> '.';
            case RETRY -> 'r';
            case RETRY_SOON -> 's';
            case FIND_AND_RETRY -> 'f';
            case ABORT -> 'a';
            case CHECK_FENCING -> 'c';
            case RENEW_IDENTITY -> 'i';
            case REFUSED -> 'x';
            case FATAL -> 'F';
        };
    }

    @Test
    void whatPassesIsTriedAgainEverywhere() {
        for (ErrorCode error : ErrorCode.values()) {
            for (Inquiry inquiry : EnumSet.complementOf(EnumSet.of(Inquiry.RECORDS))) {
                assertThat(TransactionReactions.to(inquiry, error).isRetry())
                        .as("%s to %s", error, inquiry)
                        .isEqualTo(error.isRetriable());
            }
        }
    }

    /** A code that is added to the protocol has to be thought of here: most must not be taken for what passes. */
    @Test
    void otherCodesAreFatalUnlessTheyConcernOnePartitionOrGroup() {
        Map<Inquiry, Set<ErrorCode>> considered = Map.of(
                Inquiry.IDENTITY,
                EnumSet.of(
                        ErrorCode.SASL_AUTHENTICATION_FAILED,
                        ErrorCode.ILLEGAL_SASL_STATE,
                        ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        ErrorCode.UNSUPPORTED_VERSION),
                Inquiry.COORDINATOR,
                EnumSet.of(
                        ErrorCode.SASL_AUTHENTICATION_FAILED,
                        ErrorCode.ILLEGAL_SASL_STATE,
                        ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        ErrorCode.INVALID_GROUP_ID),
                Inquiry.GROUP,
                EnumSet.of(
                        ErrorCode.SASL_AUTHENTICATION_FAILED,
                        ErrorCode.ILLEGAL_SASL_STATE,
                        ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        ErrorCode.INVALID_GROUP_ID),
                Inquiry.OFFSETS,
                EnumSet.of(
                        ErrorCode.SASL_AUTHENTICATION_FAILED,
                        ErrorCode.ILLEGAL_SASL_STATE,
                        ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        ErrorCode.INVALID_GROUP_ID,
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        ErrorCode.FENCED_MEMBER_EPOCH,
                        ErrorCode.STALE_MEMBER_EPOCH,
                        ErrorCode.REBALANCE_IN_PROGRESS,
                        ErrorCode.OFFSET_METADATA_TOO_LARGE,
                        ErrorCode.INVALID_COMMIT_OFFSET_SIZE),
                Inquiry.COMMIT,
                EnumSet.noneOf(ErrorCode.class));
        considered.forEach((inquiry, exceptions) -> {
            for (ErrorCode error : ErrorCode.values()) {
                if (!error.isRetriable() && !ROWS.containsKey(error)) {
                    assertThat(TransactionReactions.to(inquiry, error) == Reaction.FATAL)
                            .as("%s to %s", error, inquiry)
                            .isNotEqualTo(exceptions.contains(error));
                }
            }
        });
    }

    @Test
    void partitionsThatCannotBeAddedAreNoReasonToGiveUpTheProducer() {
        for (ErrorCode error : ErrorCode.values()) {
            if (!error.isRetriable() && !ROWS.containsKey(error)) {
                assertThat(TransactionReactions.to(Inquiry.PARTITIONS, error)).isEqualTo(Reaction.ABORT);
            }
        }
    }

    @Test
    void recordsThatFailedNeverDecideMoreThanTheAbort() {
        for (ErrorCode error : ErrorCode.values()) {
            assertThat(TransactionReactions.to(Inquiry.RECORDS, error))
                    .isIn(Reaction.ABORT, Reaction.CHECK_FENCING, Reaction.RENEW_IDENTITY);
        }
    }

    /** KAFKA-19250. */
    @Test
    void anAbortIsNotAnsweredByAnotherAbort() {
        for (ErrorCode error : ErrorCode.values()) {
            assertThat(TransactionReactions.to(Inquiry.ABORT, error)).isNotEqualTo(Reaction.ABORT);
        }
    }

    @Test
    void theWorstErrorOfAnAnswerDecides() {
        assertThat(WorstError.of(Inquiry.PARTITIONS, List.of())).isEqualTo(NONE);
        assertThat(WorstError.of(Inquiry.PARTITIONS, List.of(OPERATION_NOT_ATTEMPTED, TOPIC_AUTHORIZATION_FAILED)))
                .isEqualTo(TOPIC_AUTHORIZATION_FAILED);
        assertThat(WorstError.of(Inquiry.PARTITIONS, List.of(TOPIC_AUTHORIZATION_FAILED, OPERATION_NOT_ATTEMPTED)))
                .isEqualTo(TOPIC_AUTHORIZATION_FAILED);
        assertThat(WorstError.of(
                        Inquiry.PARTITIONS, List.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, OPERATION_NOT_ATTEMPTED)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(WorstError.of(Inquiry.PARTITIONS, List.of(OPERATION_NOT_ATTEMPTED)))
                .isEqualTo(OPERATION_NOT_ATTEMPTED);
        assertThat(WorstError.of(
                        Inquiry.OFFSETS, List.of(REQUEST_TIMED_OUT, GROUP_AUTHORIZATION_FAILED, PRODUCER_FENCED)))
                .isEqualTo(PRODUCER_FENCED);
    }

    /** KIP-1050. */
    @Test
    void everyCodeHasAClassThatSaysWhatToDo() {
        assertThat(ErrorClass.of(TRANSACTION_ABORTABLE)).isEqualTo(ErrorClass.ABORTABLE);
        assertThat(ErrorClass.of(PRODUCER_FENCED)).isEqualTo(ErrorClass.APPLICATION_RECOVERABLE);
        assertThat(ErrorClass.of(TOPIC_AUTHORIZATION_FAILED)).isEqualTo(ErrorClass.INVALID_CONFIGURATION);
        assertThat(ErrorClass.of(NOT_COORDINATOR)).isEqualTo(ErrorClass.REFRESH_RETRIABLE);
        assertThat(ErrorClass.of(CONCURRENT_TRANSACTIONS)).isEqualTo(ErrorClass.RETRIABLE);
        for (ErrorCode error : ErrorCode.values()) {
            boolean passes = ErrorClass.of(error) == ErrorClass.RETRIABLE
                    || ErrorClass.of(error) == ErrorClass.REFRESH_RETRIABLE;
            assertThat(passes).as("%s", error).isEqualTo(error.isRetriable());
        }
    }
}
