package dev.millrace.producer.errors;

/**
 * What a client must be allowed to do, as an ACL of the cluster says it. Immutable; any thread.
 *
 * @param resource what kind of thing it is about
 * @param name of the topic, group or transactional id, or several topics with commas between; {@code kafka-cluster} of a
 *     cluster
 * @param operation what the client wants to do with it
 */
public record Permission(Resource resource, String name, Operation operation) {

    private static final String THE_CLUSTER = "kafka-cluster";

    /** What permissions are about. */
    public enum Resource {
        /** A topic. */
        TOPIC("topic"),
        /** A consumer group. */
        GROUP("group"),
        /** A transactional id. */
        TRANSACTIONAL_ID("transactional-id"),
        /** The cluster as a whole. */
        CLUSTER("cluster");

        private final String option; // of kafka-acls

        Resource(String option) {
            this.option = option;
        }
    }

    /** What a producer does with resources. Each includes to see that the resource is there. */
    public enum Operation {
        /** To write to a topic, or under a transactional id. */
        WRITE("Write"),
        /** To commit offsets of a topic, or of a group. */
        READ("Read"),
        /** To write with idempotence. */
        IDEMPOTENT_WRITE("IdempotentWrite");

        private final String argument; // of kafka-acls

        Operation(String argument) {
            this.argument = argument;
        }
    }

    /** To send records to a topic. */
    public static Permission toWrite(String topic) {
        return new Permission(Resource.TOPIC, topic, Operation.WRITE);
    }

    /** To send the offsets of topics in a transaction. */
    public static Permission toReadTopics(String topics) {
        return new Permission(Resource.TOPIC, topics, Operation.READ);
    }

    /** To send offsets of a group in a transaction. */
    public static Permission toReadGroup(String group) {
        return new Permission(Resource.GROUP, group, Operation.READ);
    }

    /** To use a transactional id. */
    public static Permission toUseTransactionalId(String transactionalId) {
        return new Permission(Resource.TRANSACTIONAL_ID, transactionalId, Operation.WRITE);
    }

    /** To send with idempotence; from brokers 2.8 on {@link #toWrite} to any topic includes it (KIP-679). */
    public static Permission toWriteIdempotently() {
        return new Permission(Resource.CLUSTER, THE_CLUSTER, Operation.IDEMPOTENT_WRITE);
    }

    /** What an operator has to do, as part of a message. */
    public String remedy() {
        String what = resource == Resource.CLUSTER
                ? operation + " on the cluster"
                : operation + " on " + resource.option.replace('-', ' ') + " " + name;
        String option = resource == Resource.CLUSTER ? "--cluster" : "--" + resource.option + " " + name;
        return "grant this client's principal " + what + " (kafka-acls --add --allow-principal User:... --operation "
                + operation.argument + " " + option + ")";
    }
}
