package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.protocol.ApiKey;

/** What is asked about a transaction; a column of {@link TransactionReactions}. */
enum Inquiry {
    /** An identity, the first or the next one. */
    IDENTITY(ApiKey.INIT_PRODUCER_ID, "fetching the producer's identity"),
    /** Who the coordinator is. */
    COORDINATOR(ApiKey.FIND_COORDINATOR, "looking up the coordinator"),
    /** To add partitions. */
    PARTITIONS(ApiKey.ADD_PARTITIONS_TO_TXN, "adding partitions to the transaction"),
    /** To add the offsets of a group. */
    GROUP(ApiKey.ADD_OFFSETS_TO_TXN, "adding a group to the transaction"),
    /** To take the offsets of a group. */
    OFFSETS(ApiKey.TXN_OFFSET_COMMIT, "sending offsets"),
    /** To commit. */
    COMMIT(ApiKey.END_TXN, "committing"),
    /** To abort. */
    ABORT(ApiKey.END_TXN, "aborting"),
    /** To append records; the column says what the failure of a batch means for its transaction. */
    RECORDS(ApiKey.PRODUCE, "sending records");

    private final ApiKey apiKey;
    private final String stage;

    Inquiry(ApiKey apiKey, String stage) {
        this.apiKey = apiKey;
        this.stage = stage;
    }

    ApiKey apiKey() {
        return apiKey;
    }

    /** For messages: what was being done. */
    String stage() {
        return stage;
    }
}
