package dev.millrace.producer.internal.sender;

/**
 * Why the oldest batch of a partition has not been sent, for a message.
 *
 * @param what keeps it
 * @param remedy what would help
 */
record Obstacle(String what, String remedy) {

    /** The connection to the leader cannot be made. */
    static Obstacle unreachable(String node, Throwable failure) {
        return new Obstacle(
                node + ": " + failure.getMessage(),
                "check that the broker runs and that its advertised address is reachable from here");
    }

    /** The cluster has nobody to send to. */
    static Obstacle noLeader(int partition, int partitionCount) {
        if (partitionCount > 0 && partition >= partitionCount) {
            return new Obstacle(
                    "the topic has only " + partitionCount + " partitions now",
                    "add partitions to the topic, or send to those it has");
        }
        return new Obstacle(
                "the partition has no leader", "start a broker that holds an in-sync replica of the partition");
    }

    /** The leader asked for a pause (KIP-219). */
    static Obstacle throttled(String node) {
        return new Obstacle(node + " throttles this client", "raise the client's quota on the brokers or send less");
    }

    /** The leader takes batches, but not as fast as they come. */
    static Obstacle slow(String node, int inFlight) {
        return new Obstacle(
                node + " is slower than this producer: requests in flight=" + inFlight,
                "send less, or add brokers and partitions");
    }
}
