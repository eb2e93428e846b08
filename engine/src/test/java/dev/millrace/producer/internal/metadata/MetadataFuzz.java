package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.PartitionInfo;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import java.nio.ByteBuffer;

/**
 * One answer after the other changes the picture of the cluster, or contradicts itself and does not. An input is a sequence of
 * answers, each behind its length in two bytes and without header.
 */
public final class MetadataFuzz {

    private static final MetadataRequest REQUEST = new MetadataRequest(null, true);
    private static final short VERSION = ApiKey.METADATA.versions().max();

    private MetadataFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
        while (in.remaining() >= Short.BYTES) {
            int length = Math.min(in.getShort() & 0xffff, in.remaining());
            ByteBuffer frame = in.slice(in.position(), length);
            in.position(in.position() + length);
            snapshot = after(snapshot, frame);
            check(snapshot);
        }
    }

    private static ClusterSnapshot after(ClusterSnapshot old, ByteBuffer frame) {
        try {
            MetadataResponse response = ResponseFrame.decode(frame, REQUEST, VERSION);
            return SnapshotUpdate.of(old, response).snapshot();
        } catch (MalformedResponseException expected) {
            return old;
        }
    }

    private static void check(ClusterSnapshot snapshot) {
        for (TopicSnapshot topic : snapshot.topics().values()) {
            for (int partition = 0; partition < topic.partitionCount(); partition++) {
                int leader = snapshot.leader(topic.name(), partition);
                if (leader != PartitionInfo.NO_LEADER && snapshot.node(leader) == null) {
                    throw new IllegalStateException("nobody knows leader " + leader + " of " + snapshot);
                }
            }
        }
    }
}
