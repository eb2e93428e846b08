package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a user reads for each thing that can be wrong: the golden table of messages. Numbers, names and addresses that
 * change from run to run are patterns; everything else is as it is printed.
 */
enum Fault {
    NOTHING_LISTENS("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d+: nothing listens at 127\\.0\\.0\\.1:\\d+ \\(connection refused\\); limit"
            + " app\\.producer\\.max-block \\(max\\.block\\.ms\\); check app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) and that the brokers run"),
    UNKNOWN_HOST("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d+: unknown host: no-such-host\\.invalid:9092; limit"
            + " app\\.producer\\.max-block \\(max\\.block\\.ms\\); check app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) and that the brokers run"),
    HTTP_SERVER("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d+: .*127\\.0\\.0\\.1:\\d+.*an HTTP server answers here, not a Kafka broker; limit"
            + " app\\.producer\\.max-block \\(max\\.block\\.ms\\); check app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) and that the brokers run"),
    SILENT_SERVER("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d+: .*127\\.0\\.0\\.1:\\d+.*500 ms.*; limit"
            + " app\\.producer\\.max-block \\(max\\.block\\.ms\\); check app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) and that the brokers run"),
    TOO_OLD("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d{1,2}: 127\\.0\\.0\\.1:\\d+ is too old: no common version: api=METADATA"
            + " spoken=\\d+-\\d+ offered=0-1; use brokers from 2\\.1 on; limit app\\.producer\\.max-block \\(max\\.block\\.ms\\); check app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) and that the brokers run"),
    NO_SUCH_TOPIC("topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=topic '\\S+' does not exist"
            + " \\(UNKNOWN_TOPIC_OR_PARTITION, \\d+ attempts?\\); limit app\\.producer\\.max-block"
            + " \\(max\\.block\\.ms\\); create the topic, or allow auto\\.create\\.topics\\.enable on the brokers, or"
            + " correct its name"),
    INVALID_TOPIC_NAME("topic refused by the cluster: producer=\\S+ topic=not a topic! error=INVALID_TOPIC_EXCEPTION;"
            + " use a topic name of at most 249 letters, digits, '\\.', '_' and '-'"),
    NO_SUCH_PARTITION("partition not available within 2000 ms: producer=\\S+ topic=\\S+ partition=2 partitions=2; limit"
            + " app\\.producer\\.max-block \\(max\\.block\\.ms\\); choose a partition from 0 to 1 or add partitions to"
            + " the topic"),
    LARGER_THAN_REQUEST("record too large: producer=\\S+ topic=\\S+ size=\\d+ B limit=1048576 B; make it smaller or"
            + " raise app\\.producer\\.max-request-size \\(max\\.request\\.size\\) and max\\.message\\.bytes of the"
            + " topic"),
    LARGER_THAN_BUFFER("record larger than the buffer: producer=\\S+ topic=\\S+ size=\\d+ B limit=\\d+ B; raise"
            + " app\\.producer\\.buffer-memory \\(buffer\\.memory\\)"),
    LARGER_THAN_TOPIC_ALLOWS("record too large for node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=MESSAGE_TOO_LARGE size=\\d+ B; the record was not written; make the record smaller or raise max\\.message\\.bytes of the topic"
            + " \\(message\\.max\\.bytes of the broker\\)"),
    NOT_ENOUGH_REPLICAS("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " attempts=\\d+ last=NOT_ENOUGH_REPLICAS.* node=\\d; limit app\\.producer\\.delivery-timeout"
            + " \\(delivery\\.timeout\\.ms\\); the record was not written; bring replicas back in sync, or lower"
            + " min\\.insync\\.replicas of the topic"),
    RETRIES_EXHAUSTED("record not delivered after 3 attempts: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " last=NOT_ENOUGH_REPLICAS.* node=\\d; limit app\\.producer\\.retries \\(retries\\)=2; the record was not"
            + " written; bring replicas back in sync, or lower min\\.insync\\.replicas of the topic"),
    BUFFER_EXHAUSTED("buffer exhausted after 2000 ms: producer=\\S+ topic=\\S+ requested=\\d+ B available=\\d+ B of"
            + " \\d+ B waiting=0 threads; brokers are slower than this producer; limit app\\.producer\\.max-block"
            + " \\(max\\.block\\.ms\\), or raise app\\.producer\\.buffer-memory \\(buffer\\.memory\\)"),
    SERIALIZER_THROWS("record cannot be serialized: producer=\\S+ topic=\\S+ value of type java\\.lang\\.String"
            + " cause=java\\.lang\\.IllegalStateException: out of order; give the producer a serializer for this type"),
    SERIALIZER_OVERFLOWS("record cannot be serialized: producer=\\S+ topic=\\S+ value of type java\\.lang\\.String"
            + " cause=java\\.lang\\.StackOverflowError; give the producer a serializer for this type"),
    WRONG_TYPE("record cannot be serialized: producer=\\S+ topic=\\S+ value of type java\\.lang\\.String"
            + " cause=java\\.lang\\.ClassCastException: class java\\.lang\\.String cannot be cast to class"
            + " java\\.lang\\.Integer.*; give the producer a serializer for this type"),
    NULL_RECORD("record must not be null"),
    NULL_TOPIC("topic must not be null"),
    EMPTY_TOPIC("topic must not be empty"),
    NEGATIVE_PARTITION("partition must not be negative: topic=orders partition=-1; leave it out to let the partitioner"
            + " choose"),
    SEND_AFTER_CLOSE(
            "producer is closed: producer=\\S+; records can be sent from its opening to the first call of" + " close"),
    BUFFER_BELOW_REQUEST("invalid producer configuration:\\n  - app\\.producer\\.buffer-memory \\(buffer\\.memory\\)="
            + ".*: must be at least app\\.producer\\.max-request-size \\(max\\.request\\.size\\), which is .*"),
    CLOSED_BEFORE_TOPIC_KNOWN(
            "producer closed before the topic's partitions were known: producer=\\S+ topic=\\S+; close"
                    + " with a longer timeout to deliver what is queued");

    private static final Map<Fault, String> TOLD = new EnumMap<>(Fault.class);

    private final Pattern message;

    Fault(String message) {
        this.message = Pattern.compile(message);
    }

    /** Checks what was told for this fault, and that no other fault is told in these words. */
    void isToldBy(Throwable failure) {
        String told = String.valueOf(failure.getMessage());
        assertThat(told).as(name()).matches(message);
        for (Fault other : values()) {
            if (other != this) {
                assertThat(other.message.matcher(told).matches())
                        .as("%s is told in the words of %s: %s", this, other, told)
                        .isFalse();
            }
        }
        synchronized (TOLD) {
            TOLD.put(this, told);
        }
    }

    /** The messages seen so far. */
    static Map<Fault, String> told() {
        synchronized (TOLD) {
            return new EnumMap<>(TOLD);
        }
    }
}
