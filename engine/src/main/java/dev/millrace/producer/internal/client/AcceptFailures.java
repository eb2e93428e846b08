package dev.millrace.producer.internal.client;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.AuthorizationException;
import dev.millrace.producer.errors.BufferExhaustedException;
import dev.millrace.producer.errors.DeliveryTimeoutException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.FatalProducerException;
import dev.millrace.producer.errors.Permission;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.errors.RecordRejectedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.SaslAuthenticationException;
import dev.millrace.producer.errors.SerializationException;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.errors.TlsHandshakeException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.metadata.TopicProblem;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Words for what keeps a record from getting into a batch. Pure. */
final class AcceptFailures {

    private static final String CREATE_TOPIC =
            "create the topic, or allow auto.create.topics.enable on the brokers, or correct its name";

    private static final String BRING_LEADERS = "wait until the topic is made, or bring the replicas of the topic back";

    private final ClientSettings settings;

    AcceptFailures(ClientSettings settings) {
        this.settings = settings;
    }

    ProducerException serialization(String topic, String part, @Nullable Object object, Throwable cause) {
        String type = object == null ? "null" : object.getClass().getName();
        return new SerializationException(
                "record cannot be serialized: " + who(topic) + " " + part + " of type " + type + " cause=" + cause
                        + "; give the producer a serializer for this type",
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD),
                cause);
    }

    /** An asynchronous serializer failed after the record was accepted. */
    ProducerException serializationFailed(String topic, String part, @Nullable Object object, Throwable cause) {
        String type = object == null ? "null" : object.getClass().getName();
        return new SerializationException(
                "record cannot be serialized: " + who(topic) + " " + part + " of type " + type + " cause=" + cause
                        + "; see to it that what its serializer asks gives an answer, or give the producer another one",
                FailureDetails.local(Stage.SERIALIZE, Recovery.CHANGE_RECORD),
                cause);
    }

    /** An asynchronous serializer did not answer. */
    ProducerException serializationTimedOut(
            String topic, String part, @Nullable Object object, long limitNanos, boolean isDeliveryTimeout) {
        String type = object == null ? "null" : object.getClass().getName();
        return new SerializationException(
                "record not serialized within " + millis(limitNanos) + " ms: " + who(topic) + " " + part + " of type "
                        + type + "; limit "
                        + (isDeliveryTimeout ? Setting.DELIVERY_TIMEOUT.toString() : "timeout of the serializer")
                        + "; check that what its serializer asks can be reached",
                FailureDetails.local(Stage.SERIALIZE, Recovery.RETRY),
                null);
    }

    /** The user's partitioner threw. */
    ProducerException partitioner(String topic, Object partitioner, Throwable cause) {
        return new RecordRejectedException(
                "partitioner failed: " + who(topic) + " partitioner="
                        + partitioner.getClass().getName() + " cause=" + cause
                        + "; a partitioner has to answer for every record, whatever its key",
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_RECORD),
                cause);
    }

    /** The user's partitioner chose a partition the topic does not have. */
    ProducerException partitionOutOfRange(String topic, Object partitioner, int partition, int partitionCount) {
        String what = "partitioner chose a partition that does not exist: " + who(topic) + " partitioner="
                + partitioner.getClass().getName() + " result=" + partition + " partitions=" + partitionCount
                + "; it has to answer with 0 to " + (partitionCount - 1);
        return new RecordRejectedException(
                what,
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_CONFIGURATION),
                new IllegalArgumentException(what));
    }

    ProducerException tooLarge(String topic, long bytes) {
        return new RecordRejectedException(
                "record too large: " + who(topic) + " size=" + bytes + " B limit=" + settings.maxRequestBytes()
                        + " B; make it smaller or raise " + Setting.MAX_REQUEST_SIZE
                        + " and max.message.bytes of the topic",
                new FailureDetails(ErrorCode.MESSAGE_TOO_LARGE, Stage.PREPARE, Recovery.CHANGE_RECORD, false),
                null);
    }

    ProducerException largerThanBuffer(String topic, long bytes, BufferPool.Usage usage) {
        return new RecordRejectedException(
                "record larger than the buffer: " + who(topic) + " size=" + bytes + " B limit=" + usage.limitBytes()
                        + " B; raise " + Setting.BUFFER_MEMORY,
                FailureDetails.local(Stage.PREPARE, Recovery.CHANGE_CONFIGURATION),
                null);
    }

    /** A record waited for memory as long as it may. */
    ProducerException noMemory(String topic, long bytes, BufferPool.Usage usage, @Nullable String callback) {
        return exhausted(
                "after " + millis(settings.maxBlockNanos()) + " ms",
                topic,
                bytes,
                usage,
                callback,
                "limit " + Setting.MAX_BLOCK + ", or raise " + Setting.BUFFER_MEMORY);
    }

    /** There is no memory, and the thread is one that must not wait for it. */
    ProducerException noMemoryNow(
            String topic, long bytes, BufferPool.Usage usage, @Nullable String callback, String obstacle) {
        return exhausted(
                "with no wait allowed on this thread (" + obstacle + ")",
                topic,
                bytes,
                usage,
                callback,
                "use trySend and whenWritable here, or raise " + Setting.BUFFER_MEMORY);
    }

    private ProducerException exhausted(
            String waited, String topic, long bytes, BufferPool.Usage usage, @Nullable String callback, String remedy) {
        String cause = usage.withheldBytes() == 0
                ? "brokers are slower than this producer"
                : "callbacks are slower than this producer: behind=" + usage.withheldBytes() + " B running="
                        + (callback == null ? "none" : callback)
                        + ", do less in it or hand its work to another thread";
        return new BufferExhaustedException(
                "buffer exhausted " + waited + ": " + who(topic) + " requested=" + bytes + " B available="
                        + Math.max(0, usage.limitBytes() - usage.usedBytes()) + " B of " + usage.limitBytes()
                        + " B waiting=" + usage.waitingThreads() + " threads; " + cause + "; " + remedy,
                FailureDetails.local(Stage.BUFFER, Recovery.RETRY),
                null);
    }

    ProducerException closedWhileWaitingForRoom() {
        return new ProducerClosedException(
                "producer closed before buffer memory became free: producer=" + settings.clientId()
                        + "; records can be sent from its opening to the first call of close",
                FailureDetails.local(Stage.BUFFER, Recovery.NEW_PRODUCER),
                null);
    }

    ProducerException closedWhileSendingAll() {
        return new ProducerClosedException(
                "producer closed before the source was read to its end: producer=" + settings.clientId()
                        + "; wait for the result of sendAll before close",
                FailureDetails.local(Stage.PREPARE, Recovery.NEW_PRODUCER),
                null);
    }

    ProducerException closedWhileSending(String topic) {
        return new ProducerClosedException(
                "producer closed while the record was being sent: " + who(topic) + "; send has thrown",
                FailureDetails.local(Stage.PREPARE, Recovery.NEW_PRODUCER),
                null);
    }

    ProducerException interrupted(String what, InterruptedException cause) {
        return new ProducerException(
                "interrupted while " + what + ": producer=" + settings.clientId(),
                FailureDetails.local(Stage.BUFFER, Recovery.RETRY),
                cause);
    }

    /** A record waited for its topic as long as it may. */
    ProducerException topicUnknown(
            String topic, @Nullable TopicProblem problem, @Nullable MetadataProblem cluster, long now) {
        String obstacle;
        String remedy;
        ErrorCode error = ErrorCode.NONE;
        Recovery recovery = Recovery.RETRY;
        if (cluster != null) {
            obstacle = cluster.describe(now);
            remedy = "check " + Setting.BOOTSTRAP_SERVERS + " and that the brokers run";
        } else if (problem != null) {
            obstacle = problem.describe();
            error = problem.error();
            recovery = Recovery.CHANGE_CLUSTER;
            remedy = error == ErrorCode.LEADER_NOT_AVAILABLE ? BRING_LEADERS : CREATE_TOPIC;
        } else {
            obstacle = "the cluster has not answered yet";
            remedy = "check that the brokers are reachable";
        }
        return new DeliveryTimeoutException(
                "topic not available within " + millis(settings.maxBlockNanos()) + " ms: " + who(topic) + " obstacle="
                        + obstacle + "; limit " + Setting.MAX_BLOCK + "; " + remedy,
                new FailureDetails(error, Stage.METADATA, recovery, false),
                null);
    }

    /** Waiting for the cluster is of no use. */
    ProducerException unreachable(String topic, MetadataProblem cluster, long now) {
        AuthenticationException refusal = cluster.refusal();
        return refusal == null ? bootstrapUnknown(topic, cluster, now) : refused(topic, refusal);
    }

    /** Neither side takes the other for what it says to be. */
    private ProducerException refused(String topic, AuthenticationException refusal) {
        String message = "no connection to the cluster: " + who(topic) + " cause=" + refusal.getMessage();
        FailureDetails details = new FailureDetails(refusal.errorCode(), Stage.METADATA, refusal.recovery(), false);
        if (refusal instanceof SaslAuthenticationException sasl) {
            return new SaslAuthenticationException(message, details, sasl.mechanism(), sasl.brokerMessage(), refusal);
        }
        return refusal instanceof TlsHandshakeException
                ? new TlsHandshakeException(message, details, refusal)
                : new AuthenticationException(message, details, refusal);
    }

    /** No bootstrap server's name could be resolved for as long as the configuration allows. */
    private ProducerException bootstrapUnknown(String topic, MetadataProblem cluster, long now) {
        return new DeliveryTimeoutException(
                "no bootstrap server can be resolved: " + who(topic) + " obstacle=" + cluster.describe(now) + "; limit "
                        + Setting.BOOTSTRAP_RESOLVE_TIMEOUT + "; correct " + Setting.BOOTSTRAP_SERVERS
                        + " or the name service; records sent after that are delivered",
                FailureDetails.local(Stage.METADATA, Recovery.CHANGE_CONFIGURATION),
                null);
    }

    /** The topic is there, the partition the user chose is not. */
    ProducerException noSuchPartition(String topic, int partition, int partitionCount) {
        return new DeliveryTimeoutException(
                "partition not available within " + millis(settings.maxBlockNanos()) + " ms: " + who(topic)
                        + " partition=" + partition + " partitions=" + partitionCount + "; limit " + Setting.MAX_BLOCK
                        + "; choose a partition from 0 to " + (partitionCount - 1) + " or add partitions to the topic",
                new FailureDetails(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, Stage.METADATA, Recovery.CHANGE_RECORD, false),
                null);
    }

    /** The cluster says that waiting for the topic is useless. */
    ProducerException topicRefused(String topic, ErrorCode error) {
        String what = "topic refused by the cluster: " + who(topic) + " error=" + error + "; ";
        if (error == ErrorCode.TOPIC_AUTHORIZATION_FAILED) {
            Permission missing = Permission.toWrite(topic);
            return new AuthorizationException(
                    what + missing.remedy() + ", and CREATE if it does not exist yet",
                    new FailureDetails(error, Stage.METADATA, Recovery.CHANGE_CLUSTER, false),
                    missing,
                    null);
        }
        return new RecordRejectedException(
                what + "use a topic name of at most 249 letters, digits, '.', '_' and '-'",
                new FailureDetails(error, Stage.METADATA, Recovery.CHANGE_RECORD, false),
                null);
    }

    ProducerException closedWhileWaiting(String topic) {
        return new ProducerClosedException(
                "producer closed before the topic's partitions were known: " + who(topic)
                        + "; close with a longer timeout to deliver what is queued",
                FailureDetails.local(Stage.METADATA, Recovery.NEW_PRODUCER),
                null);
    }

    /** The event loop has ended under the producer. */
    ProducerException loopEnded(String topic) {
        return new FatalProducerException(
                "event loop of the producer ended: " + who(topic)
                        + "; nothing is sent any more, close the producer and open a new one",
                FailureDetails.local(Stage.QUEUE, Recovery.NEW_PRODUCER),
                null);
    }

    IllegalStateException closed() {
        return new IllegalStateException("producer is closed: producer=" + settings.clientId()
                + "; records can be sent from its opening to the first call of close");
    }

    private String who(String topic) {
        return "producer=" + settings.clientId() + " topic=" + topic;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
