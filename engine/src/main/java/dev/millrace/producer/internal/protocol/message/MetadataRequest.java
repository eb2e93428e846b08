package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metadata v7-13, by topic name. Authorized operations are never asked for.
 *
 * @param topics names of the topics; empty for brokers only, null for all topics
 * @param allowAutoTopicCreation whether the broker may create topics that do not exist
 */
public record MetadataRequest(@Nullable List<String> topics, boolean allowAutoTopicCreation)
        implements ApiRequest<MetadataResponse> {

    private static final int MIN_TOPIC_BYTES = 2;

    @Override
    public ApiKey apiKey() {
        return ApiKey.METADATA;
    }

    @Override
    public void write(WireWriter out, short version) {
        if (topics == null) {
            out.writeNullArray();
        } else {
            out.writeArray(topics, topic -> writeTopic(out, version, topic));
        }
        out.writeBoolean(allowAutoTopicCreation);
        if (version >= 8 && version <= 10) {
            out.writeBoolean(false); // include_cluster_authorized_operations
        }
        if (version >= 8) {
            out.writeBoolean(false); // include_topic_authorized_operations
        }
        out.endStruct();
    }

    private static void writeTopic(WireWriter out, short version, String topic) {
        if (version >= 10) {
            out.writeUuid(TopicIds.UNKNOWN); // v10 and v11 carry an id, but only v12 looks it up
        }
        out.writeString(topic);
        out.endStruct();
    }

    /** Reads what {@link #write} wrote. */
    public static MetadataRequest read(WireReader in, short version) {
        int count = in.readNullableArrayLength(MIN_TOPIC_BYTES);
        List<String> topics = count == -1 ? null : readTopics(in, version, count);
        boolean allowAutoTopicCreation = in.readBoolean();
        if (version >= 8 && version <= 10) {
            in.readBoolean(); // include_cluster_authorized_operations
        }
        if (version >= 8) {
            in.readBoolean(); // include_topic_authorized_operations
        }
        in.endStruct();
        return new MetadataRequest(topics, allowAutoTopicCreation);
    }

    private static List<String> readTopics(WireReader in, short version, int count) {
        List<String> topics = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (version >= 10 && !in.readUuid().equals(TopicIds.UNKNOWN)) {
                throw new MalformedResponseException("topic id where only names are looked up");
            }
            topics.add(in.readString());
            in.endStruct();
        }
        return topics;
    }

    @Override
    public MetadataResponse readResponse(WireReader in, short version) {
        return MetadataResponse.read(in, version);
    }
}
