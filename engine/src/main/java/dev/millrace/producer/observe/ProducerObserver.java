package dev.millrace.producer.observe;

import dev.millrace.producer.CloseReport;

/**
 * Hears of everything that metrics of a producer are made of.
 *
 * <p>Every method runs on the producer's delivery executor, one at a time, in the order of the events; it delays callbacks
 * and futures, so it should only count. What it throws is logged once in a while and changes nothing. A producer without
 * observer makes no events at all.
 *
 * <p>Sums over all events agree with the close report: every record submitted is in exactly one {@link RecordRefusal} or
 * in exactly one {@link BatchEnd}.
 */
public interface ProducerObserver {

    /** A record failed before it was in a batch. */
    default void onRecordRefused(RecordRefusal refusal) {}

    /** A send waited for buffer memory, whether it got it or not. */
    default void onBufferWait(BufferWait wait) {}

    /** A record no longer waits for the bytes of an asynchronous serializer. */
    default void onSerializationEnded(SerializationEnd serialization) {}

    /** All records of a batch are delivered or failed, and their callbacks have run. */
    default void onBatchEnded(BatchEnd batch) {}

    /** A batch will be sent again. */
    default void onBatchRetried(BatchRetry retry) {}

    /** A batch was larger than the broker takes and goes on in pieces. */
    default void onBatchSplit(BatchSplit split) {}

    /** A request to a broker was answered or has failed. */
    default void onRequestEnded(RequestEnd request) {}

    /** One of the producer's connections changed its state. */
    default void onConnectionChanged(ConnectionChange change) {}

    /** A broker believes who the client is, or does not (KIP-368). */
    default void onAuthentication(AuthenticationEnd authentication) {}

    /** The cluster was described anew, or an attempt to have it described has failed. */
    default void onMetadata(MetadataRefresh refresh) {}

    /** The cluster gave the producer an id, or refused to (KIP-98). */
    default void onIdentity(IdentityChange change) {}

    /** What became of a transaction is known, or will never be. */
    default void onTransaction(TransactionEnd transaction) {}

    /** The engine caught an error of its own making; the records concerned have failed or go again. */
    default void onEngineError(EngineError error) {}

    /** The producer is closed; nothing follows. */
    default void onClosed(CloseReport report) {}
}
