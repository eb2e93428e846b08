package dev.millrace.benchmarks.sink;

import org.apache.kafka.common.Uuid;

/**
 * What the sink pretends to be: nodes 1, 2, … and one topic whose partitions they lead in turn.
 *
 * @param topic name of the topic
 * @param topicId its id
 * @param partitions how many it has
 * @param ports where the nodes listen, node 1 first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SinkTopology(String topic, Uuid topicId, int partitions, int[] ports) {

    static final String HOST = "127.0.0.1";

    int nodes() {
        return ports.length;
    }

    int leader(int partition) {
        return 1 + partition % ports.length;
    }

    String bootstrapServers() {
        StringBuilder servers = new StringBuilder();
        for (int port : ports) {
            servers.append(servers.isEmpty() ? "" : ",")
                    .append(HOST)
                    .append(':')
                    .append(port);
        }
        return servers.toString();
    }
}
