package dev.millrace.producer.internal.protocol;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * A response as it comes in: size (int32, itself not counted), correlation id (int32), tagged fields in the header of
 * flexible versions, body.
 *
 * <p>Readers take the frame without its size: first {@link #readCorrelationId}, then, once that is known to be the one
 * awaited, {@link #decode}.
 */
public final class ResponseFrame {

    private ResponseFrame() {}

    /** Reads the first field of a frame and moves behind it. */
    public static int readCorrelationId(ByteBuffer frame) {
        return new WireReader(frame).readInt32();
    }

    /**
     * Reads the rest of a frame; borrows it.
     *
     * @param frame positioned behind the correlation id
     * @param request what the frame answers
     * @param version the version the request was sent with
     * @throws MalformedResponseException if the bytes do not follow the protocol, or are more than the message
     */
    public static <R> R decode(ByteBuffer frame, ApiRequest<R> request, short version) {
        ApiKey key = request.apiKey();
        WireReader in = new WireReader(frame);
        in.setFlexible(key.hasFlexibleResponseHeader(version));
        in.endStruct();
        in.setFlexible(key.isFlexible(version));
        R response = request.readResponse(in, version);
        in.endFrame();
        return response;
    }

    /** The broker's side of {@link #decode}: the whole frame, as segments in order. */
    public static List<ByteBuffer> encode(ApiKey key, short version, int correlationId, Consumer<WireWriter> body) {
        WireWriter out = new WireWriter();
        out.writeInt32(correlationId);
        out.setFlexible(key.hasFlexibleResponseHeader(version));
        out.endStruct();
        out.setFlexible(key.isFlexible(version));
        body.accept(out);
        return out.toFrame();
    }
}
