package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a user reads for each thing that can be wrong: the golden table of messages. Numbers, names and addresses that
 * change from run to run are patterns; everything else is as it is printed.
 */
public enum Fault {
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
            + " attempts=\\d{1,2}: 127\\.0\\.0\\.1:\\d+ is too old: no common version: api=METADATA spoken=\\d+-\\d+"
            + " offered=0-1; use brokers from 2\\.1 on; limit app\\.producer\\.max-block \\(max\\.block\\.ms\\); check"
            + " app\\.producer\\.bootstrap-servers \\(bootstrap\\.servers\\) and that the brokers run"),
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
            + " error=MESSAGE_TOO_LARGE size=\\d+ B; the record was not written; make the record smaller or raise"
            + " max\\.message\\.bytes of the topic \\(message\\.max\\.bytes of the broker\\)"),
    NOT_ENOUGH_REPLICAS("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " state=(in flight|between attempts) attempts=\\d+ last=NOT_ENOUGH_REPLICAS.* node=\\d; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; bring"
            + " replicas back in sync, or lower min\\.insync\\.replicas of the topic"),
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
                    + " with a longer timeout to deliver what is queued"),
    CLUSTER_SAYS_NOTHING(
            "topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=the cluster has not answered yet;"
                    + " limit app\\.producer\\.max-block \\(max\\.block\\.ms\\); check that the brokers are reachable"),
    TOPIC_FORBIDDEN(
            "topic refused by the cluster: producer=\\S+ topic=\\S+ error=TOPIC_AUTHORIZATION_FAILED; grant this"
                    + " client's principal WRITE on topic orders \\(kafka-acls --add --allow-principal User:\\.\\.\\."
                    + " --operation Write --topic orders\\), and CREATE if it does not exist yet"),
    TOPIC_WITHOUT_LEADERS(
            "topic not available within 2000 ms: producer=\\S+ topic=\\S+ obstacle=topic 'orders' has no leader"
                    + " yet \\(LEADER_NOT_AVAILABLE, \\d+ attempts\\); limit app\\.producer\\.max-block"
                    + " \\(max\\.block\\.ms\\); wait until the topic is made, or bring the replicas of the topic back"),
    BUFFER_EXHAUSTED_IN_CALLBACK(
            "buffer exhausted with no wait allowed on this thread \\(callbacks run on it\\): producer=\\S+ topic=\\S+"
                    + " requested=\\d+ B available=0 B of 16384 B waiting=0 threads; brokers are slower than this"
                    + " producer; use trySend and whenWritable here, or raise app\\.producer\\.buffer-memory"
                    + " \\(buffer\\.memory\\)"),
    PARTITION_WITHOUT_LEADER(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=the"
                    + " partition has no leader; limit app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\);"
                    + " the record was not written; bring a replica of the partition back"),
    LEADER_UNREACHABLE(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=node 2 at"
                    + " b2:9092: nothing listens at b2:9092 \\(connection refused\\); limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; check"
                    + " that the node runs, is reachable and keeps up"),
    LEADER_TAKES_NO_CONNECTION("record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " obstacle=connecting to node 2 at b2:9092; limit app\\.producer\\.delivery-timeout"
            + " \\(delivery\\.timeout\\.ms\\); the record was not written; check that the node runs, is reachable"
            + " and keeps up"),
    NO_PRODUCER_ID("record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=the"
            + " cluster has given no producer id: attempts=\\d+ last=COORDINATOR_LOAD_IN_PROGRESS; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; check"
            + " that the brokers are well"),
    BROKER_TOO_SLOW(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=1 batch=1 records obstacle=node 1 at"
                    + " b1:9092 is slower than this producer: requests in flight=1; limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; send"
                    + " less, add brokers or raise the limit"),
    BEHIND_A_BATCH_THAT_IS_REFUSED(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=an earlier"
                    + " batch of the partition is not acknowledged: attempts=\\d+ last=NOT_ENOUGH_REPLICAS node=1; limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; bring"
                    + " replicas back in sync, or lower min\\.insync\\.replicas of the topic"),
    NO_ANSWER("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records state=in"
            + " flight attempts=\\d+ last=no answer from node 1; limit app\\.producer\\.delivery-timeout"
            + " \\(delivery\\.timeout\\.ms\\); the record may have been written; check that the node runs, is"
            + " reachable and keeps up"),
    CONNECTION_CUT("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " state=between attempts attempts=\\d+ last=connection closed by the other side node=1; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record may have been written;"
            + " check that the node runs, is reachable and keeps up"),
    UNREADABLE_ANSWER("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " state=between attempts attempts=\\d+ last=unreadable response from b1:9092: request=PRODUCE v13"
            + " correlation=\\d+ cause=length 126 at byte 6 exceeds the 2 B left in the frame node=1; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record may have been written;"
            + " check that the node runs, is reachable and keeps up"),
    TOO_FEW_REPLICAS_AFTER_APPEND(
            "record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records state=between"
                    + " attempts attempts=\\d+ last=NOT_ENOUGH_REPLICAS_AFTER_APPEND node=1; limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record may have been written;"
                    + " bring replicas back in sync, or lower min\\.insync\\.replicas of the topic"),
    BROKER_NOT_LEADER("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " state=between attempts attempts=\\d+ last=NOT_LEADER_OR_FOLLOWER node=1; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record may have been written;"
            + " check that the brokers agree on the leader of the partition"),
    BROKER_WITHOUT_DISK("record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " state=between attempts attempts=\\d+ last=KAFKA_STORAGE_ERROR node=1; limit"
            + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record may have been written;"
            + " check the disks of the broker"),
    BYTES_CHANGED_ON_THEIR_WAY(
            "record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records state=between"
                    + " attempts attempts=\\d+ last=CORRUPT_MESSAGE node=1; limit app\\.producer\\.delivery-timeout"
                    + " \\(delivery\\.timeout\\.ms\\); the record was not written; look for a proxy or hardware that"
                    + " changes bytes on their way"),
    BROKER_KNOWS_NO_SUCH_TOPIC(
            "record not delivered within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records state=between"
                    + " attempts attempts=\\d+ last=UNKNOWN_TOPIC_OR_PARTITION node=1; limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written;"
                    + " create the topic, or allow auto\\.create\\.topics\\.enable on the brokers"),
    RETRIES_EXHAUSTED_BY_CUTS(
            "record not delivered after 2 attempts: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
                    + " last=connection closed by the other side node=1; limit app\\.producer\\.retries \\(retries\\)=1;"
                    + " the record may have been written; check that the node runs, is reachable and keeps up"),
    SEQUENCES_NEVER_FIT("record not delivered after 4 attempts: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " last=OUT_OF_ORDER_SEQUENCE_NUMBER node=1; limit app\\.producer\\.retries \\(retries\\)=3; the record"
            + " was not written; see the broker's log for the reason"),
    WRITE_FORBIDDEN("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=TOPIC_AUTHORIZATION_FAILED; the record was not written; grant this client's principal WRITE on topic"
            + " orders \\(kafka-acls --add --allow-principal User:\\.\\.\\. --operation Write --topic orders\\)"),
    CLUSTER_FORBIDDEN("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=CLUSTER_AUTHORIZATION_FAILED; the record was not written; " + Words.IDEMPOTENT_WRITE_MISSING),
    BROKER_REFUSES_THE_TOPIC("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=INVALID_TOPIC_EXCEPTION; the record was not written; use a topic name of at most 249 letters,"
            + " digits, '\\.', '_' and '-'"),
    INVALID_RECORD_WITHOUT_WORDS(
            "record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records error=INVALID_RECORD; the"
                    + " record was not written; the broker's rules for the topic refuse it, for example a record without"
                    + " key on a compacted topic"),
    INVALID_TIMESTAMP("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=INVALID_TIMESTAMP; the record was not written; bring the timestamp within"
            + " message\\.timestamp\\.before\\.max\\.ms and \\.after\\.max\\.ms of the topic"),
    POLICY_VIOLATION("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=POLICY_VIOLATION; the record was not written; see which policy of the brokers refuses the"
            + " record"),
    UNKNOWN_CODEC("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=UNSUPPORTED_COMPRESSION_TYPE; the record was not written; use a codec this broker knows"),
    OLD_MESSAGE_FORMAT("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=UNSUPPORTED_FOR_MESSAGE_FORMAT; the record was not written; see the broker's log for the"
            + " reason"),
    BROKER_REFUSES_THE_VERSION("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=UNSUPPORTED_VERSION; the record was not written; see the broker's log for the reason"),
    BROKER_REFUSES_THE_REQUEST("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=INVALID_REQUEST; the record was not written; see the broker's log for the reason"),
    BROKER_REFUSES_THE_ACKS("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=INVALID_REQUIRED_ACKS; the record was not written; see the broker's log for the reason"),
    BROKER_FAILS("record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=UNKNOWN_SERVER_ERROR; the record may have been written; see the broker's log for the reason"),
    INVALID_RECORD(
            "record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=2 records error=INVALID_RECORD"
                    + " \\(Compacted topic cannot accept message without key\\); the record was not written; the broker's"
                    + " rules for the topic refuse it, for example a record without key on a compacted topic"),
    BESIDE_AN_INVALID_RECORD(
            "record not taken by node 1: producer=\\S+ topic=\\S+ partition=0 batch=2 records error=INVALID_RECORD"
                    + " \\(it shares a batch with 1 records the broker refuses\\); the record was not written; sent again"
                    + " it may succeed"),
    TOO_LARGE_AND_PERHAPS_WRITTEN("record too large for node 1: producer=\\S+ topic=\\S+ partition=0 batch=2 records"
            + " error=MESSAGE_TOO_LARGE size=\\d+ B; the record may have been written; make the record smaller or"
            + " raise max\\.message\\.bytes of the topic \\(message\\.max\\.bytes of the broker\\)"),
    PRODUCER_ID_REFUSED("no producer id for an idempotent send: producer=\\S+ topic=\\S+ partition=0 batch=1 records"
            + " error=CLUSTER_AUTHORIZATION_FAILED; the record was not written; " + Words.IDEMPOTENT_WRITE_MISSING),
    BROKER_TOO_OLD(
            "record cannot be sent to node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records; the record was not"
                    + " written; no common version: api=PRODUCE spoken=7-13 offered=0-6; use brokers from 2\\.1 on"),
    CLOSED_IN_FLIGHT("producer closed before the record was acknowledged: producer=\\S+ topic=\\S+ partition=0 batch=1"
            + " records attempts=\\d+ last=no answer from node 1; the record may have been written; close with a"
            + " longer timeout to wait for the brokers"),
    CLOSED_IN_QUEUE("producer closed before the record was sent: producer=\\S+ topic=\\S+ partition=0 batch=1 records;"
            + " close with a longer timeout to deliver what is queued"),
    CLOSED_WITH_NEGATIVE_TIMEOUT("close timeout must not be negative: -1 ms"),
    PARTITIONER_THROWS(
            "partitioner failed: producer=\\S+ topic=\\S+ partitioner=\\S+ cause=java\\.lang\\.AssertionError:"
                    + " no idea; a partitioner has to answer for every record, whatever its key"),
    PARTITIONER_OUT_OF_RANGE("partitioner chose a partition that does not exist: producer=\\S+ topic=\\S+"
            + " partitioner=\\S+ result=-?\\d+ partitions=3; it has to answer with 0 to 2"),
    BUFFER_EXHAUSTED_ON_THE_LOOP(
            "buffer exhausted with no wait allowed on this thread \\(it is the producer's event loop\\): producer=\\S+"
                    + " topic=\\S+ requested=\\d+ B available=\\d+ B of \\d+ B waiting=0 threads; brokers are slower"
                    + " than this producer; use trySend and whenWritable here, or raise app\\.producer\\.buffer-memory"
                    + " \\(buffer\\.memory\\)"),
    BUFFER_EXHAUSTED_BY_SLOW_CALLBACKS(
            "buffer exhausted with no wait allowed on this thread \\(callbacks run on it\\): producer=\\S+ topic=\\S+"
                    + " requested=\\d+ B available=\\d+ B of \\d+ B waiting=0 threads; callbacks are slower than this"
                    + " producer: behind=\\d+ B running=\\S+, do less in it or hand its work to another thread; use"
                    + " trySend and whenWritable here, or raise app\\.producer\\.buffer-memory \\(buffer\\.memory\\)"),
    CLOSED_WHILE_WAITING_FOR_ROOM("producer closed before buffer memory became free: producer=\\S+; records can be sent"
            + " from its opening to the first call of close"),
    CLOSED_WHILE_SENDING_ALL("producer closed before the source was read to its end: producer=\\S+; wait for the result"
            + " of sendAll before close"),
    BOOTSTRAP_UNKNOWN("no bootstrap server can be resolved: producer=\\S+ topic=\\S+ obstacle=no metadata for \\d+ ms,"
            + " attempts=\\d+: unknown host: b1:9092; limit app\\.producer\\.bootstrap-resolve-timeout"
            + " \\(bootstrap\\.resolve\\.timeout\\.ms\\); correct app\\.producer\\.bootstrap-servers"
            + " \\(bootstrap\\.servers\\) or the name service; records sent after that are delivered"),
    LOOP_ENDED(
            "event loop of the producer ended: producer=\\S+ topic=\\S+; nothing is sent any more, close the producer"
                    + " and open a new one"),
    LOOP_ENDED_IN_FLIGHT("event loop of the producer ended before the record was acknowledged: producer=\\S+ topic=\\S+"
            + " partition=0 batch=1 records attempts=1 last=no answer from node 1; the record may have been written;"
            + " close the producer and open a new one"),
    LOOP_ENDED_IN_QUEUE("event loop of the producer ended before the record was sent: producer=\\S+ topic=\\S+"
            + " partition=0 batch=1 records; close the producer and open a new one"),
    THROTTLED("record not sent within 3000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=node 1 at"
            + " b1:9092 throttles this client; limit app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\);"
            + " the record was not written; raise the client's quota on the brokers or send less"),
    NO_PRODUCER_ID_AFTER_THE_LAST_EPOCH(
            "no producer id to go on with after the epochs of the last one were used up: producer=\\S+ topic=\\S+"
                    + " partition=0 batch=1 records error=CLUSTER_AUTHORIZATION_FAILED; the record was not written; "
                    + Words.IDEMPOTENT_WRITE_MISSING),
    INTERNAL_ERROR("record not delivered because of an internal error: producer=\\S+ topic=\\S+ partition=0 batch=1"
            + " records attempts=1 last=no answer from node 1 cause=java\\.lang\\.AssertionError: injected into"
            + " onAcknowledged; the record may have been written; the producer goes on, please report the error with its"
            + " stack"),
    INTERNAL_ERROR_BEFORE_THE_SEND(
            "record not delivered because of an internal error: producer=\\S+ topic=\\S+ partition=0 batch=1 records("
                    + " attempts=0)? cause=java\\.lang\\.AssertionError: injected into \\S+; the record was not written;"
                    + " the producer goes on, please report the error with its stack"),
    CLOSED_DURING_THE_SEND(
            "producer closed while the record was being sent: producer=\\S+ topic=\\S+; send has thrown"),
    FEWER_PARTITIONS_NOW(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=1 batch=1 records obstacle=the topic"
                    + " has only 1 partitions now; limit app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\);"
                    + " the record was not written; add partitions to the topic, or send to those it has"),
    INTERRUPTED("interrupted while waiting for buffer memory: producer=\\S+"),
    BROKER_TOO_OLD_BY_NOW(
            "record cannot be sent to node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records; the record may"
                    + " have been written; no common version: api=PRODUCE spoken=7-13 offered=0-6; use brokers from 2\\.1"
                    + " on"),

    BROKER_CANNOT_ENROL(
            "record cannot be sent to node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records; the record was not"
                    + " written; no common version: api=PRODUCE spoken=12-13 offered=0-11; no older version can say what"
                    + " is needed here, upgrade the broker"),
    PARTITION_NOT_ENROLLED(
            "record not sent within 2000 ms: producer=\\S+ topic=\\S+ partition=0 batch=1 records obstacle=the"
                    + " coordinator has not taken the partition into the transaction: state=IN_TRANSACTION; limit"
                    + " app\\.producer\\.delivery-timeout \\(delivery\\.timeout\\.ms\\); the record was not written; check"
                    + " that the transaction's coordinator is well"),
    OUT_OF_SEQUENCE_IN_A_TRANSACTION(
            "record does not continue what node 1 has of the transaction: producer=\\S+ topic=\\S+ partition=0 batch=1"
                    + " records error=OUT_OF_ORDER_SEQUENCE_NUMBER; the record was not written; the transaction can only"
                    + " be aborted, do its work again in a new one"),
    ENDED_WITH_ITS_TRANSACTION(
            "transaction ended before the record was acknowledged: producer=\\S+ topic=\\S+ partition=0 batch=1"
                    + " records attempts=1 last=NOT_ENOUGH_REPLICAS node=1; readers of committed records will not see it;"
                    + " transaction aborted: producer=\\S+ txn=\\S+ cause=the application asked for it; send the record"
                    + " again in another transaction"),
    BATCH_OF_A_FENCED_PRODUCER(
            "record rejected by node 1: producer=\\S+ topic=\\S+ partition=0 batch=1 records error=PRODUCER_FENCED;"
                    + " the record was not written; another producer has taken over the transactional id, or the"
                    + " coordinator has ended the transaction; no two producers that work at the same time may have the"
                    + " same id"),
    TRANSACTION_ABORTED(
            "transaction aborted instead of committed: producer=\\S+ txn=\\S+ cause=record rejected by node 1: .*"
                    + " error=TOPIC_AUTHORIZATION_FAILED; .*; readers of committed records will see nothing of it; do its"
                    + " work again in a new transaction"),
    ABORT_NOT_CONFIRMED(
            "abort of the transaction not confirmed: producer=\\S+ txn=\\S+ cause=the application has aborted it;"
                    + " readers of committed records will see nothing of it, and wait at its first record until the"
                    + " coordinator ends it, at the latest after app\\.producer\\.transaction\\.timeout"
                    + " \\(transaction\\.timeout\\.ms\\)=60000 ms; begin waits for it"),
    FENCED_WHILE_COMMITTING("transactional id lost to another producer while committing: producer=\\S+ txn=\\S+"
            + " cause=producer is fenced, another one uses the transactional id: .*; readers of committed records will see"
            + " nothing of it; close this producer"),
    COMMIT_UNKNOWN(
            "transaction committed or not, nobody knows yet: producer=\\S+ txn=\\S+ cause=outcome of the transaction"
                    + " unknown: .*; call commit again, or resolve\\(\\) of the outcome"),
    COMMIT_INTERRUPTED("transaction committed or not, nobody knows yet: producer=\\S+ txn=\\S+ cause=interrupted while"
            + " waiting for commit\\(\\): producer=\\S+ txn=\\S+; what was begun goes on; call commit again, or"
            + " resolve\\(\\) of the outcome"),
    COMMIT_NOT_TOLD(
            "transaction committed or not, nobody knows yet: producer=\\S+ txn=\\S+ cause=no word of commit\\(\\)"
                    + " within 1010 ms: producer=\\S+ txn=\\S+ callback running=none; limit app\\.producer\\.max-block"
                    + " \\(max\\.block\\.ms\\); do less in callbacks, or hand their work to another thread; call commit"
                    + " again, or resolve\\(\\) of the outcome"),
    INTERRUPTED_IN_A_CALL("interrupted while waiting for begin\\(\\): producer=\\S+ txn=\\S+; what was begun goes on");

    private static final Map<Fault, String> TOLD = new EnumMap<>(Fault.class);

    private final Pattern message;

    Fault(String message) {
        this.message = Pattern.compile(message);
    }

    /** Checks what was told for this fault, and that no other fault is told in these words. */
    public void isToldBy(Throwable failure) {
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
    public static Map<Fault, String> told() {
        synchronized (TOLD) {
            return new EnumMap<>(TOLD);
        }
    }

    /** What several messages have in common. */
    private static final class Words {

        static final String IDEMPOTENT_WRITE_MISSING =
                "grant this client's principal IDEMPOTENT_WRITE on the cluster \\(kafka-acls --add --allow-principal"
                        + " User:\\.\\.\\. --operation IdempotentWrite --cluster\\), or WRITE on any topic if the brokers"
                        + " are of 2\\.8 or later, or set app\\.producer\\.idempotence \\(enable\\.idempotence\\)=false";

        private Words() {}
    }
}
