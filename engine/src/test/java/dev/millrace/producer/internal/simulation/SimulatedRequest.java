package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.RequestHeader;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.protocol.message.ProduceResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * A request that arrived at a {@link SimulatedBroker}, and the ways to answer it. A script that does none of them drops
 * the request; it may also keep the object and answer later. Answers arrive when the loop next runs.
 */
public final class SimulatedRequest {

    private final SimulatedEventLoop loop;
    private final SimulatedChannel channel;
    private final ApiKey apiKey;
    private final RequestHeader header;
    private final WireReader body;
    private final Duration arrivedAt;

    SimulatedRequest(
            SimulatedEventLoop loop, SimulatedChannel channel, ApiKey apiKey, RequestHeader header, WireReader body) {
        this.loop = loop;
        this.channel = channel;
        this.apiKey = apiKey;
        this.header = header;
        this.body = body;
        this.arrivedAt = loop.elapsed();
    }

    /** Which API is called. */
    public ApiKey apiKey() {
        return apiKey;
    }

    /** The version it was sent with, and that its answer must have. */
    public short version() {
        return header.apiVersion();
    }

    /** What stands in front of the body. */
    public RequestHeader header() {
        return header;
    }

    /** What it came over; of use to tell connections apart. */
    public Object connection() {
        return channel;
    }

    /** Virtual time of its arrival. */
    public Duration arrivedAt() {
        return arrivedAt;
    }

    /** Reads the body, once: {@code request.body(MetadataRequest::read)}. */
    public <T> T body(BiFunction<WireReader, Short, T> reader) {
        return reader.apply(body, version());
    }

    /** Answers ApiVersions. */
    public void answer(ApiVersionsResponse response) {
        answerWith(out -> response.write(out, version()));
    }

    /** Answers Metadata. */
    public void answer(MetadataResponse response) {
        answerWith(out -> response.write(out, version()));
    }

    /** Answers InitProducerId. */
    public void answer(InitProducerIdResponse response) {
        answerWith(out -> response.write(out, version()));
    }

    /** Answers Produce. */
    public void answer(ProduceResponse response) {
        answerWith(out -> response.write(out, version()));
    }

    /** Answers with a body, in the version asked. */
    public void answerWith(Consumer<WireWriter> responseBody) {
        answerAs(header.correlationId(), responseBody);
    }

    /** Answers with any correlation id. */
    public void answerAs(int correlationId, Consumer<WireWriter> responseBody) {
        List<ByteBuffer> frame = ResponseFrame.encode(apiKey, version(), correlationId, responseBody);
        deliver(join(frame.subList(1, frame.size())));
    }

    /** Answers with the right correlation id and then these bytes, whatever they are. */
    public void answerRaw(byte... bytesBehindCorrelationId) {
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytesBehindCorrelationId.length);
        deliver(frame.putInt(header.correlationId())
                .put(bytesBehindCorrelationId)
                .flip());
    }

    /** Does something with it later: {@code request.after(Duration.ofSeconds(2), r -> r.answer(response))}. */
    public void after(Duration delay, Consumer<SimulatedRequest> then) {
        loop.schedule(delay.toNanos(), () -> then.accept(this));
    }

    /** Closes the connection it came over, without an answer. */
    public void closeConnection() {
        loop.execute(() -> channel.end(new IOException("connection closed by the other side")));
    }

    private void deliver(ByteBuffer frame) {
        loop.execute(() -> channel.deliver(frame));
    }

    private static ByteBuffer join(List<ByteBuffer> pieces) {
        int size = pieces.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer joined = ByteBuffer.allocate(size);
        pieces.forEach(piece -> joined.put(piece.duplicate()));
        return joined.flip();
    }

    @Override
    public String toString() {
        return apiKey + " v" + version() + " correlation=" + header.correlationId() + " at " + arrivedAt;
    }
}
