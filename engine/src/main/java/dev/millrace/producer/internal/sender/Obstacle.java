package dev.millrace.producer.internal.sender;

import dev.millrace.producer.errors.ErrorCode;

/**
 * Why a partition's oldest batch has not been sent. Pure.
 *
 * @param what the obstacle, in a message behind {@code obstacle=}
 * @param error the broker's last word about it, or {@link ErrorCode#NONE}
 * @param remedy what would help, as the end of a message
 */
record Obstacle(String what, ErrorCode error, String remedy) {

    static final String REACH_THE_NODE = "check that the node runs, is reachable and keeps up";

    static Obstacle of(String what, String remedy) {
        return new Obstacle(what, ErrorCode.NONE, remedy);
    }

    /** The cluster has nobody to send to. */
    static Obstacle noLeader(int partition, int partitionCount) {
        if (partitionCount > 0 && partition >= partitionCount) {
            return of(
                    "the topic has only " + partitionCount + " partitions now",
                    "add partitions to the topic, or send to those it has");
        }
        return of("the partition has no leader", "bring a replica of the partition back");
    }

    /** The leader asked for a pause (KIP-219). */
    static Obstacle throttled(String node) {
        return of(node + " throttles this client", "raise the client's quota on the brokers or send less");
    }

    /** The leader takes batches, but not as fast as they come. */
    static Obstacle slow(String node, int inFlight) {
        return of(
                node + " is slower than this producer: requests in flight=" + inFlight,
                "send less, add brokers or raise the limit");
    }
}
