package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.internal.network.BrokerAddress;

/**
 * Where a coordinator is.
 *
 * @param nodeId the broker's id
 * @param address where it listens
 */
record CoordinatorNode(int nodeId, BrokerAddress address) {

    @Override
    public String toString() {
        return "node " + nodeId + " at " + address;
    }
}
