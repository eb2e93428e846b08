package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import java.util.EnumMap;
import java.util.Map;

/**
 * What each error code means for each request about a transaction. Pure; every code has a cell for every request, most
 * of them the column's default.
 */
final class TransactionReactions {

    private static final Map<Inquiry, Map<ErrorCode, Reaction>> TABLE = build();

    private TransactionReactions() {}

    static Reaction to(Inquiry inquiry, ErrorCode error) {
        Map<ErrorCode, Reaction> column = TABLE.getOrDefault(inquiry, Map.of());
        return column.getOrDefault(error, Reaction.FATAL);
    }

    private static Map<Inquiry, Map<ErrorCode, Reaction>> build() {
        Map<Inquiry, Map<ErrorCode, Reaction>> table = new EnumMap<>(Inquiry.class);
        table.put(Inquiry.IDENTITY, identity());
        table.put(Inquiry.COORDINATOR, coordinator());
        table.put(Inquiry.PARTITIONS, partitions());
        table.put(Inquiry.GROUP, group());
        table.put(Inquiry.OFFSETS, offsets());
        table.put(Inquiry.COMMIT, commit());
        table.put(
                Inquiry.ABORT,
                end(Reaction.FATAL)); // an abort that is answered with "abort" leads nowhere (KAFKA-19250)
        table.put(Inquiry.RECORDS, records());
        return table;
    }

    private static Map<ErrorCode, Reaction> identity() {
        Map<ErrorCode, Reaction> column = column(Reaction.FATAL);
        put(column, Reaction.REFUSED, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        put(column, Reaction.REFUSED, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ErrorCode.TRANSACTION_ABORTABLE);
        refuseAuthentication(column);
        put(column, Reaction.REFUSED, ErrorCode.UNSUPPORTED_VERSION); // brokers are upgraded under running producers
        return column;
    }

    private static Map<ErrorCode, Reaction> coordinator() {
        Map<ErrorCode, Reaction> column = column(Reaction.FATAL);
        put(column, Reaction.RETRY, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NOT_COORDINATOR);
        put(column, Reaction.REFUSED, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        refuseAuthentication(column);
        put(column, Reaction.ABORT, ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TRANSACTION_ABORTABLE);
        put(column, Reaction.ABORT, ErrorCode.INVALID_GROUP_ID);
        return column;
    }

    private static Map<ErrorCode, Reaction> partitions() {
        Map<ErrorCode, Reaction> column = column(Reaction.ABORT);
        fence(column);
        put(column, Reaction.FATAL, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, ErrorCode.INVALID_TXN_STATE);
        return column;
    }

    private static Map<ErrorCode, Reaction> group() {
        Map<ErrorCode, Reaction> column = column(Reaction.FATAL);
        fence(column);
        put(column, Reaction.ABORT, ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.INVALID_GROUP_ID);
        put(column, Reaction.ABORT, ErrorCode.UNKNOWN_PRODUCER_ID, ErrorCode.TRANSACTION_ABORTABLE);
        refuseAuthentication(column);
        return column;
    }

    private static Map<ErrorCode, Reaction> offsets() {
        Map<ErrorCode, Reaction> column = column(Reaction.FATAL);
        fence(column);
        put(column, Reaction.FIND_AND_RETRY, ErrorCode.REQUEST_TIMED_OUT);
        put(column, Reaction.ABORT, ErrorCode.ILLEGAL_GENERATION, ErrorCode.UNKNOWN_MEMBER_ID);
        put(column, Reaction.ABORT, ErrorCode.FENCED_INSTANCE_ID, ErrorCode.FENCED_MEMBER_EPOCH);
        put(column, Reaction.ABORT, ErrorCode.STALE_MEMBER_EPOCH, ErrorCode.REBALANCE_IN_PROGRESS);
        put(column, Reaction.ABORT, ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        put(column, Reaction.ABORT, ErrorCode.INVALID_GROUP_ID, ErrorCode.GROUP_ID_NOT_FOUND);
        put(column, Reaction.ABORT, ErrorCode.OFFSET_METADATA_TOO_LARGE, ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        put(column, Reaction.ABORT, ErrorCode.TRANSACTION_ABORTABLE);
        refuseAuthentication(column);
        return column;
    }

    private static Map<ErrorCode, Reaction> commit() {
        Map<ErrorCode, Reaction> column = end(Reaction.ABORT);
        // the coordinator has aborted the transaction because of its timeout, and keeps the epoch for this producer
        // (KIP-890)
        put(column, Reaction.CHECK_FENCING, ErrorCode.INVALID_TXN_STATE);
        return column;
    }

    private static Map<ErrorCode, Reaction> end(Reaction toAbortable) {
        Map<ErrorCode, Reaction> column = column(Reaction.FATAL);
        fence(column);
        put(column, toAbortable, ErrorCode.TRANSACTION_ABORTABLE, ErrorCode.UNKNOWN_PRODUCER_ID);
        return column;
    }

    private static Map<ErrorCode, Reaction> records() {
        Map<ErrorCode, Reaction> column = new EnumMap<>(ErrorCode.class);
        for (ErrorCode error : ErrorCode.values()) {
            column.put(error, Reaction.ABORT); // what may pass has been tried as often as it may
        }
        fence(column); // whether anything is fatal is the coordinator's to say, when the transaction is aborted
        return column;
    }

    /** A column of requests that go to a coordinator. */
    private static Map<ErrorCode, Reaction> column(Reaction unexpected) {
        Map<ErrorCode, Reaction> column = new EnumMap<>(ErrorCode.class);
        for (ErrorCode error : ErrorCode.values()) {
            column.put(error, error.isRetriable() ? Reaction.RETRY : unexpected);
        }
        put(column, Reaction.DONE, ErrorCode.NONE);
        put(column, Reaction.RETRY_SOON, ErrorCode.CONCURRENT_TRANSACTIONS);
        put(column, Reaction.FIND_AND_RETRY, ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.NOT_COORDINATOR);
        return column;
    }

    private static void fence(Map<ErrorCode, Reaction> column) {
        put(column, Reaction.CHECK_FENCING, ErrorCode.INVALID_PRODUCER_EPOCH, ErrorCode.PRODUCER_FENCED);
        put(column, Reaction.RENEW_IDENTITY, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
    }

    private static void refuseAuthentication(Map<ErrorCode, Reaction> column) {
        put(column, Reaction.REFUSED, ErrorCode.SASL_AUTHENTICATION_FAILED, ErrorCode.ILLEGAL_SASL_STATE);
        put(column, Reaction.REFUSED, ErrorCode.UNSUPPORTED_SASL_MECHANISM);
    }

    private static void put(Map<ErrorCode, Reaction> column, Reaction reaction, ErrorCode... errors) {
        for (ErrorCode error : errors) {
            column.put(error, reaction);
        }
    }
}
