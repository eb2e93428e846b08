package dev.millrace.testkit.spring;

import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.FakeClusterBuilder;

/** Starts the cluster an {@link AutoConfigureFakeCluster} describes. */
final class FakeClusterStart {

    private FakeClusterStart() {}

    /**
     * Starts it.
     *
     * @param topics each {@code name} or {@code name:partitions}
     * @throws IllegalArgumentException if one is neither
     */
    static FakeCluster start(String[] topics, int nodes, boolean autoCreateTopics) {
        FakeClusterBuilder builder = FakeCluster.builder().nodes(nodes).autoCreateTopics(autoCreateTopics);
        for (String topic : topics) {
            int colon = topic.indexOf(':');
            String name = colon < 0 ? topic : topic.substring(0, colon);
            builder.topic(name.strip(), colon < 0 ? 1 : partitions(topic, topic.substring(colon + 1)));
        }
        return builder.start();
    }

    private static int partitions(String topic, String number) {
        try {
            return Integer.parseInt(number.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "topic '" + topic + "' is neither a name nor a name and a number of partitions, as in orders:3", e);
        }
    }
}
