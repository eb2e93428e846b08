package dev.millrace.producer.internal.protocol;

import java.nio.ByteBuffer;
import java.util.List;

/** A request as it goes out: size (int32, itself not counted), {@link RequestHeader}, body. */
public final class RequestFrame {

    private RequestFrame() {}

    /**
     * The frame as segments in order, ready for a gathered write. Record batches in it are views of the request's
     * buffers, not copies.
     *
     * @throws IllegalArgumentException if this engine does not speak the version
     */
    public static List<ByteBuffer> encode(ApiRequest<?> request, short version, int correlationId, String clientId) {
        ApiKey key = request.apiKey();
        if (!key.versions().contains(version)) {
            throw new IllegalArgumentException(
                    "version not spoken: api=" + key + " version=" + version + " spoken=" + key.versions());
        }
        WireWriter out = new WireWriter();
        new RequestHeader(key.id(), version, correlationId, clientId).write(out);
        request.write(out, version);
        return out.toFrame();
    }
}
