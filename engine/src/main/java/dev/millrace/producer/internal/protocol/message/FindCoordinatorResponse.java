package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answer to {@link FindCoordinatorRequest}, v0-6.
 *
 * @param throttleTimeMillis how long to send nothing on this connection (v1+, to be honoured from v2 on, KIP-219)
 * @param coordinators one for each key that was asked for, if the broker keeps to the protocol
 */
public record FindCoordinatorResponse(int throttleTimeMillis, List<Coordinator> coordinators)
        implements ThrottledResponse {

    private static final int MIN_COORDINATOR_BYTES = 14;

    /** Reads the body of v4 and above. */
    static FindCoordinatorResponse readAll(WireReader in) {
        int throttleTimeMillis = in.readInt32();
        List<Coordinator> coordinators = in.readArray(MIN_COORDINATOR_BYTES, () -> Coordinator.read(in));
        in.endStruct();
        return new FindCoordinatorResponse(throttleTimeMillis, coordinators);
    }

    /** Reads the body below v4, which has one coordinator and not its key. */
    static FindCoordinatorResponse readSingle(WireReader in, short version, String key) {
        int throttleTimeMillis = version >= 1 ? in.readInt32() : 0;
        ErrorCode error = ErrorCode.of(in.readInt16());
        String errorMessage = version >= 1 ? in.readNullableMessage() : null;
        Coordinator coordinator =
                new Coordinator(key, in.readInt32(), in.readString(), in.readInt32(), error, errorMessage);
        in.endStruct();
        return new FindCoordinatorResponse(throttleTimeMillis, List.of(coordinator));
    }

    /**
     * Writes the body.
     *
     * @throws IllegalArgumentException if the version has no room for so many coordinators
     */
    public void write(WireWriter out, short version) {
        if (version >= 1) {
            out.writeInt32(throttleTimeMillis);
        }
        if (version >= FindCoordinatorRequest.FIRST_VERSION_WITH_KEYS) {
            out.writeArray(coordinators, coordinator -> coordinator.write(out));
        } else if (coordinators.size() == 1) {
            coordinators.get(0).writeSingle(out, version);
        } else {
            throw new IllegalArgumentException("one coordinator to be answered: FindCoordinator version=" + version
                    + " coordinators=" + coordinators.size());
        }
        out.endStruct();
    }

    /**
     * Who takes care of a key.
     *
     * @param key the group id or transactional id
     * @param nodeId the coordinator's node, -1 with an error
     * @param host its name or address on the listener that was asked, empty with an error
     * @param port its port on that listener, -1 with an error
     * @param error why there is none, or NONE
     * @param errorMessage the broker's words (v1+)
     */
    public record Coordinator(
            String key, int nodeId, String host, int port, ErrorCode error, @Nullable String errorMessage) {

        static Coordinator read(WireReader in) {
            String key = in.readString();
            int nodeId = in.readInt32();
            String host = in.readString();
            int port = in.readInt32();
            ErrorCode error = ErrorCode.of(in.readInt16());
            String errorMessage = in.readNullableMessage();
            in.endStruct();
            return new Coordinator(key, nodeId, host, port, error, errorMessage);
        }

        void write(WireWriter out) {
            out.writeString(key);
            out.writeInt32(nodeId);
            out.writeString(host);
            out.writeInt32(port);
            out.writeInt16(error.code());
            out.writeNullableString(errorMessage);
            out.endStruct();
        }

        /** The fields in the order of the versions below 4, part of the message itself. */
        void writeSingle(WireWriter out, short version) {
            out.writeInt16(error.code());
            if (version >= 1) {
                out.writeNullableString(errorMessage);
            }
            out.writeInt32(nodeId);
            out.writeString(host);
            out.writeInt32(port);
        }
    }
}
