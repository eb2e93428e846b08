package dev.millrace.testkit;

import dev.millrace.testkit.ConsumerRequests.CreateTopics;
import dev.millrace.testkit.ConsumerRequests.DeleteTopics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Creates and deletes topics for those who ask the controller, which is the first node that runs. Guarded by the cluster's lock. */
final class TopicAdminService {

    private static final short NONE = 0;
    private static final short UNKNOWN_TOPIC_OR_PARTITION = 3;
    private static final short INVALID_TOPIC_EXCEPTION = 17;
    private static final short TOPIC_ALREADY_EXISTS = 36;
    private static final short INVALID_PARTITIONS = 37;
    private static final short NOT_CONTROLLER = 41;

    private static final int DEFAULT_PARTITIONS = -1;

    private final Topology topology;

    TopicAdminService(Topology topology) {
        this.topology = topology;
    }

    Answer answer(ReceivedRequest received, CreateTopics request) {
        Map<String, Short> errors = new LinkedHashMap<>();
        request.partitions()
                .forEach((name, partitions) -> errors.put(
                        name, isController(received) ? create(name, partitions, request.isTrial()) : NOT_CONTROLLER));
        return received.reply(out -> {
            out.writeInt32(0); // throttle time
            out.writeArray(List.copyOf(errors.entrySet()), each -> {
                out.writeString(each.getKey());
                out.writeInt16(each.getValue());
                out.writeNullableString(null); // words
            });
        });
    }

    private short create(String name, int partitions, boolean isTrial) {
        if (!topology.isLegalName(name)) {
            return INVALID_TOPIC_EXCEPTION;
        }
        if (topology.findTopic(name) != null) {
            return TOPIC_ALREADY_EXISTS;
        }
        if (partitions < 1 && partitions != DEFAULT_PARTITIONS) {
            return INVALID_PARTITIONS;
        }
        if (!isTrial) {
            if (partitions == DEFAULT_PARTITIONS) {
                topology.createTopicByDefaults(name);
            } else {
                topology.createTopic(name, partitions);
            }
        }
        return NONE;
    }

    Answer answer(ReceivedRequest received, DeleteTopics request) {
        Map<String, Short> errors = new LinkedHashMap<>();
        request.names().forEach(name -> errors.put(name, isController(received) ? delete(name) : NOT_CONTROLLER));
        return received.reply(out -> {
            out.writeInt32(0); // throttle time
            out.writeArray(List.copyOf(errors.entrySet()), each -> {
                out.writeString(each.getKey());
                out.writeInt16(each.getValue());
            });
        });
    }

    private short delete(String name) {
        if (topology.findTopic(name) == null) {
            return UNKNOWN_TOPIC_OR_PARTITION;
        }
        topology.deleteTopic(name);
        return NONE;
    }

    private boolean isController(ReceivedRequest received) {
        return topology.firstRunningFrom(0) == received.node();
    }
}
