package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.WireWriter.TaggedField;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answer to {@link ApiVersionsRequest}, v0-4.
 *
 * <p>A broker that does not know the version it was asked with answers UNSUPPORTED_VERSION in the layout of v0, whatever
 * the version was; the list then holds ApiVersions itself (from 2.4 on) or nothing (KIP-511).
 *
 * @param error UNSUPPORTED_VERSION or what else is wrong
 * @param apiVersions what the broker speaks, also APIs this engine does not know
 * @param throttleTimeMillis how long to send nothing on this connection (v1+, to be honoured from v2 on, KIP-219)
 * @param finalizedFeaturesEpoch age of the features, -1 if not known (v3+)
 * @param finalizedFeatures level of each feature in the cluster (v3+, KIP-584)
 */
public record ApiVersionsResponse(
        ErrorCode error,
        List<ApiVersion> apiVersions,
        int throttleTimeMillis,
        long finalizedFeaturesEpoch,
        Map<String, Short> finalizedFeatures)
        implements ThrottledResponse {

    private static final int FINALIZED_FEATURES_EPOCH_TAG = 1;
    private static final int FINALIZED_FEATURES_TAG = 2;
    private static final long UNKNOWN_EPOCH = -1;
    private static final int MIN_API_VERSION_BYTES = 6;
    private static final int MIN_FEATURE_BYTES = 6;

    /** Reads the body, in the layout of v0 if the broker does not know the version. */
    public static ApiVersionsResponse read(WireReader in, short version) {
        ErrorCode error = ErrorCode.of(in.readInt16());
        short layout = layoutOf(error, version);
        if (layout != version) {
            in.setFlexible(false);
        }
        List<ApiVersion> apiVersions = in.readArray(MIN_API_VERSION_BYTES, () -> ApiVersion.read(in));
        int throttleTimeMillis = layout >= 1 ? in.readInt32() : 0;
        Features features = new Features();
        in.endStruct(features);
        return new ApiVersionsResponse(
                error, apiVersions, throttleTimeMillis, features.epoch, Collections.unmodifiableMap(features.levels));
    }

    /** Writes what {@link #read} reads. */
    public void write(WireWriter out, short version) {
        short layout = layoutOf(error, version);
        if (layout != version) {
            out.setFlexible(false);
        }
        out.writeInt16(error.code());
        out.writeArray(apiVersions, api -> api.write(out));
        if (layout >= 1) {
            out.writeInt32(throttleTimeMillis);
        }
        out.endStruct(taggedFields());
    }

    private static short layoutOf(ErrorCode error, short version) {
        return error == ErrorCode.UNSUPPORTED_VERSION ? 0 : version;
    }

    private List<TaggedField> taggedFields() {
        List<TaggedField> fields = new ArrayList<>(2);
        if (finalizedFeaturesEpoch != UNKNOWN_EPOCH) {
            fields.add(new TaggedField(FINALIZED_FEATURES_EPOCH_TAG, out -> out.writeInt64(finalizedFeaturesEpoch)));
        }
        if (!finalizedFeatures.isEmpty()) {
            fields.add(new TaggedField(FINALIZED_FEATURES_TAG, this::writeFinalizedFeatures));
        }
        return fields;
    }

    private void writeFinalizedFeatures(WireWriter out) {
        out.writeArrayLength(finalizedFeatures.size());
        finalizedFeatures.forEach((name, level) -> {
            out.writeString(name);
            out.writeInt16(level); // max_version_level comes before min_version_level
            out.writeInt16(level);
            out.endStruct();
        });
    }

    /**
     * The versions of one API.
     *
     * @param apiKey the API as on the wire
     * @param minVersion the lowest version
     * @param maxVersion the highest version
     */
    public record ApiVersion(short apiKey, short minVersion, short maxVersion) {

        static ApiVersion read(WireReader in) {
            ApiVersion api = new ApiVersion(in.readInt16(), in.readInt16(), in.readInt16());
            in.endStruct();
            return api;
        }

        void write(WireWriter out) {
            out.writeInt16(apiKey);
            out.writeInt16(minVersion);
            out.writeInt16(maxVersion);
            out.endStruct();
        }
    }

    private static final class Features implements WireReader.TaggedFields {

        // a hash map stands names that were chosen to collide, the maps of Map.of take quadratic time for them
        private final Map<String, Short> levels = new LinkedHashMap<>();
        private long epoch = UNKNOWN_EPOCH;

        @Override
        public void read(int tag, WireReader field) {
            if (tag == FINALIZED_FEATURES_EPOCH_TAG) {
                epoch = field.readInt64();
            } else if (tag == FINALIZED_FEATURES_TAG) {
                int count = field.readArrayLength(MIN_FEATURE_BYTES);
                for (int i = 0; i < count; i++) {
                    String name = field.readString();
                    levels.put(name, field.readInt16());
                    field.readInt16(); // min_version_level: says nothing to a client
                    field.endStruct();
                }
            }
        }
    }
}
