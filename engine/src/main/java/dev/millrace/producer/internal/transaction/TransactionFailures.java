package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.TransactionState;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordAbortedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.RetriableException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Words for what goes wrong in a transaction: what was attempted, who, the numbers, the cause, what to do. Pure. */
final class TransactionFailures {

    private static final String LOG_OF_CLUSTER =
            "check that the coordinator and its replicas of __transaction_state run";

    private final TransactionSettings settings;

    TransactionFailures(TransactionSettings settings) {
        this.settings = settings;
    }

    /** The call does not fit the state. */
    IllegalStateException wrongCall(String call, TransactionState state, String remedy) {
        return new IllegalStateException(call + " is not possible now: " + who() + " state=" + state + "; " + remedy);
    }

    /** Nobody is let into a transaction. */
    IllegalStateException notOpen(TransactionState state, @Nullable ProducerException failure) {
        String remedy =
                switch (state) {
                    case UNINITIALIZED, INITIALIZING -> "call init, then begin";
                    case READY -> "call begin first";
                    case IN_TRANSACTION, ABORT_ONLY, COMMITTING, ABORTING ->
                        "the transaction is ending; begin the next one when it has ended";
                    case CLOSED -> "open a new producer";
                    case FAILED ->
                        failure == null ? "begin another transaction" : "close it; cause: " + failure.getMessage();
                };
        return new IllegalStateException("no transaction is open: " + who() + " state=" + state + "; " + remedy);
    }

    ProducerException initRefused(ErrorCode error, String progress) {
        return refused(
                "transactional id refused: " + who() + " error=" + error + " " + progress + "; " + initRemedy(error)
                        + ", then call init again",
                details(error),
                initPermission(error));
    }

    ProducerException initFailed(ErrorCode error, String progress) {
        return new FatalProducerException(
                "no identity for the transactional id: " + who() + " error=" + error + " " + progress + "; "
                        + initRemedy(error) + ", then open a new producer",
                details(error),
                null);
    }

    private String initRemedy(ErrorCode error) {
        return switch (error) {
            case INVALID_TRANSACTION_TIMEOUT ->
                "lower " + Setting.TRANSACTION_TIMEOUT + "=" + settings.timeoutMillis()
                        + " ms to at most transaction.max.timeout.ms of the brokers";
            case TRANSACTIONAL_ID_AUTHORIZATION_FAILED ->
                Permission.toUseTransactionalId(settings.transactionalId()).remedy();
            case CLUSTER_AUTHORIZATION_FAILED ->
                Permission.toWriteIdempotently().remedy();
            case SASL_AUTHENTICATION_FAILED, ILLEGAL_SASL_STATE, UNSUPPORTED_SASL_MECHANISM ->
                "correct the credentials";
            case PRODUCER_FENCED, INVALID_PRODUCER_EPOCH ->
                "another producer was initialised at the same moment; give each its own " + Setting.TRANSACTIONAL_ID;
            default -> LOG_OF_CLUSTER;
        };
    }

    private @Nullable Permission initPermission(ErrorCode error) {
        return switch (error) {
            case TRANSACTIONAL_ID_AUTHORIZATION_FAILED -> Permission.toUseTransactionalId(settings.transactionalId());
            case CLUSTER_AUTHORIZATION_FAILED -> Permission.toWriteIdempotently();
            default -> null;
        };
    }

    private static ProducerException refused(String message, FailureDetails details, @Nullable Permission missing) {
        return missing == null
                ? new ProducerException(message, details, null)
                : new AuthorizationException(message, details, missing, null);
    }

    /** The coordinator is a broker that knows too little. */
    ProducerException tooOld(UnsupportedApiException unsupported, String progress) {
        return new ProducerException(
                "transactions need brokers from Kafka 2.5 on: " + who() + " " + progress + " cause="
                        + unsupported.getMessage() + "; upgrade the brokers, then call init again",
                new FailureDetails(ErrorCode.UNSUPPORTED_VERSION, Stage.NONE, Recovery.CHANGE_CLUSTER, false),
                unsupported);
    }

    ProducerException initTimedOut(String progress) {
        return timedOut("initialising the transactional id", progress, "call init again to wait on");
    }

    ProducerException beginTimedOut(TransactionState state, String progress) {
        return timedOut(
                "beginning a transaction",
                "state=" + state + " " + progress,
                "the last transaction is still being ended; call begin again to wait on");
    }

    ProducerException offsetsTimedOut(String group, String progress) {
        return timedOut("sending offsets", "group=" + group + " " + progress, "abort, and begin again");
    }

    /** A commit did not come as far as asking the coordinator. */
    ProducerException commitTimedOut(String progress) {
        return timedOut(
                "committing",
                progress,
                "nothing of the transaction is or will be visible; send it again in another transaction");
    }

    private ProducerException timedOut(String what, String progress, String remedy) {
        return new RetriableException(
                what + " not finished after " + millis(settings.maxBlockNanos()) + " ms: " + who() + " " + progress
                        + "; limit " + Setting.MAX_BLOCK + "; " + remedy,
                FailureDetails.local(Stage.NONE, Recovery.RETRY),
                null);
    }

    /** The coordinator was asked to commit and nothing is known. */
    ProducerException outcomeUnknown(String progress, String reason) {
        return new ProducerException(
                "outcome of the transaction unknown: " + who() + " " + progress + " reason=" + reason
                        + "; it is committed or it is not: ask resolve(), or read what consumers see, before sending"
                        + " any of it again",
                new FailureDetails(ErrorCode.NONE, Stage.NONE, Recovery.RETRY, true),
                null);
    }

    /** A request of the transaction was refused; it can be aborted. */
    ProducerException abortable(Inquiry inquiry, ErrorCode error, TransactionDamage.Words words) {
        Permission missing = missing(inquiry, error, words);
        return refused(
                inquiry.stage() + " refused: " + who() + " " + words.what() + " error=" + error + " " + words.progress()
                        + "; " + (missing == null ? abortRemedy(error) : "abort, and " + missing.remedy()),
                new FailureDetails(error, Stage.NONE, recoveryOf(error), false),
                missing);
    }

    private static @Nullable Permission missing(Inquiry inquiry, ErrorCode error, TransactionDamage.Words words) {
        return switch (error) {
            case TOPIC_AUTHORIZATION_FAILED ->
                inquiry == Inquiry.OFFSETS
                        ? Permission.toReadTopics(words.topics())
                        : Permission.toWrite(words.topics());
            case GROUP_AUTHORIZATION_FAILED -> Permission.toReadGroup(words.group());
            default -> null;
        };
    }

    private static String abortRemedy(ErrorCode error) {
        return switch (error) {
            case ILLEGAL_GENERATION,
                    UNKNOWN_MEMBER_ID,
                    FENCED_INSTANCE_ID,
                    STALE_MEMBER_EPOCH,
                    FENCED_MEMBER_EPOCH,
                    REBALANCE_IN_PROGRESS ->
                "the consumer has lost its partitions to another one: abort, and let it poll again";
            case OFFSET_METADATA_TOO_LARGE ->
                "abort, and keep the metadata within offset.metadata.max.bytes of the brokers";
            case INVALID_PRODUCER_ID_MAPPING ->
                "the cluster has forgotten the transactional id (transactional.id.expiration.ms of the brokers) after"
                        + " it had taken a part of the transaction, or may have: abort, and begin again";
            default -> "abort, and begin again";
        };
    }

    /** The coordinator of a group is too old for what has to be said. */
    ProducerException abortable(Inquiry inquiry, UnsupportedApiException unsupported, String what, String progress) {
        return new ProducerException(
                inquiry.stage() + " not possible: " + who() + " " + what + " " + progress + " cause="
                        + unsupported.getMessage() + "; abort, and use brokers from Kafka 2.5 on",
                new FailureDetails(ErrorCode.UNSUPPORTED_VERSION, Stage.NONE, Recovery.CHANGE_CLUSTER, false),
                unsupported);
    }

    /**
     * A coordinator speaks of a later epoch; whether that is another producer's is found out when the transaction ends.
     *
     * @param ageNanos how long the transaction has been open
     */
    ProducerException superseded(Inquiry inquiry, ErrorCode error, String progress, long ageNanos) {
        return new ProducerException(
                inquiry.stage() + " refused: " + who() + " error=" + error + " " + progress + "; "
                        + whySuperseded(ageNanos) + "; abort to learn which",
                new FailureDetails(error, Stage.NONE, Recovery.RETRY, false),
                null);
    }

    private String whySuperseded(long ageNanos) {
        String another = "another producer uses the same " + Setting.TRANSACTIONAL_ID;
        return isTooOld(ageNanos)
                ? "the coordinator has aborted the transaction, which " + isOpenFor(ageNanos) + ", or " + another
                : another + ", or the coordinator has aborted the transaction, which " + isOpenFor(ageNanos);
    }

    /**
     * Another producer has taken over, or the coordinator has aborted the transaction and says the same of that, as it does
     * before transaction version 2.
     *
     * @param ageNanos how long the transaction has been open
     */
    ProducerException fenced(Inquiry inquiry, ErrorCode error, String progress, long ageNanos) {
        String how = who() + " while=" + inquiry.stage() + " error=" + error + " " + progress;
        return new FatalProducerException(
                isTooOld(ageNanos) ? fencedByItsAge(how, ageNanos) : fencedByAnother(how),
                new FailureDetails(error, Stage.NONE, Recovery.NEW_PRODUCER, false),
                null);
    }

    private String fencedByItsAge(String how, long ageNanos) {
        return "producer is fenced, probably because its transaction took too long: " + how + "; it "
                + isOpenFor(ageNanos)
                + "; close the producer, open a new one and send everything again; raise the limit or"
                + " make transactions shorter; if another producer uses the same " + Setting.TRANSACTIONAL_ID
                + ", give each instance its own";
    }

    private String fencedByAnother(String how) {
        return "producer is fenced, another one uses the transactional id: " + how
                + "; close it, and give each instance its own " + Setting.TRANSACTIONAL_ID;
    }

    /** Coordinators count from its first partition, which is a little later. */
    private boolean isTooOld(long ageNanos) {
        return millis(ageNanos) >= settings.timeoutMillis();
    }

    private String isOpenFor(long ageNanos) {
        return "has been open for " + millis(ageNanos) + " ms; limit " + Setting.TRANSACTION_TIMEOUT + "="
                + settings.timeoutMillis() + " ms";
    }

    /** The cluster refuses the producer for good. */
    ProducerException fatal(Inquiry inquiry, ErrorCode error, String progress) {
        return new FatalProducerException(
                inquiry.stage() + " refused for good: " + who() + " error=" + error + " " + progress + "; "
                        + (error == ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED ? initRemedy(error) + ", " : "")
                        + "close the producer and open a new one",
                new FailureDetails(error, Stage.NONE, Recovery.NEW_PRODUCER, false),
                null);
    }

    /** The producer has failed before this call. */
    ProducerException failedBefore(ProducerException failure) {
        return new FatalProducerException(
                "producer has failed: " + who() + "; close it and open a new one; cause: " + failure.getMessage(),
                new FailureDetails(failure.errorCode(), Stage.NONE, Recovery.NEW_PRODUCER, false),
                failure);
    }

    /** For records that were not sent when their transaction was aborted. */
    ProducerException aborted(@Nullable Throwable cause) {
        String why = cause == null ? "the application asked for it" : String.valueOf(cause.getMessage());
        return new RecordAbortedException(
                "transaction aborted: " + who() + " cause=" + why + "; send the record again in another transaction",
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                cause);
    }

    /** For records that cannot become part of the transaction any more. */
    ProducerException abortOnly(Throwable cause) {
        return new ProducerException(
                "transaction can only be aborted: " + who() + " cause=" + cause.getMessage()
                        + "; abort it, and send the record again in another one",
                FailureDetails.local(Stage.QUEUE, Recovery.RETRY),
                cause);
    }

    ProducerException closed(String doing) {
        return new ProducerClosedException(
                "producer closed while " + doing + ": " + who() + "; open a new one",
                FailureDetails.local(Stage.NONE, Recovery.NEW_PRODUCER),
                null);
    }

    ProducerException loopEnded() {
        return new FatalProducerException(
                "event loop of the producer ended: " + who() + "; close the producer and open a new one",
                FailureDetails.local(Stage.NONE, Recovery.NEW_PRODUCER),
                null);
    }

    private String who() {
        return "producer=" + settings.clientId() + " txn=" + settings.transactionalId();
    }

    private static FailureDetails details(ErrorCode error) {
        return new FailureDetails(error, Stage.NONE, recoveryOf(error), false);
    }

    private static Recovery recoveryOf(ErrorCode error) {
        return switch (error) {
            case TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    CLUSTER_AUTHORIZATION_FAILED,
                    TOPIC_AUTHORIZATION_FAILED,
                    GROUP_AUTHORIZATION_FAILED -> Recovery.CHANGE_CLUSTER;
            default -> ErrorClass.of(error).recovery();
        };
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
