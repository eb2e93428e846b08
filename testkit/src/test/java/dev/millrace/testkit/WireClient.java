package dev.millrace.testkit;

import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.RequestFrame;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.TopicIds;
import dev.millrace.producer.internal.protocol.message.ProduceRequest;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.PartitionData;
import dev.millrace.producer.internal.protocol.message.ProduceRequest.TopicData;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One blocking connection to a node, for tests that look at single requests and answers. */
final class WireClient implements AutoCloseable {

    private static final int READ_TIMEOUT_MILLIS = 5000;

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final DataInputStream in;
    private int correlationId;

    WireClient(InetSocketAddress address) throws IOException {
        socket.connect(address, READ_TIMEOUT_MILLIS);
        socket.setSoTimeout(READ_TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
    }

    <R> R call(ApiRequest<R> request, int version) throws IOException {
        send(request, version);
        return readResponse(request, version);
    }

    /** Sends without waiting for an answer, and returns the correlation id. */
    int send(ApiRequest<?> request, int version) throws IOException {
        correlationId++;
        for (ByteBuffer piece : RequestFrame.encode(request, (short) version, correlationId, "wire-client")) {
            sendRaw(piece);
        }
        return correlationId;
    }

    void sendRaw(ByteBuffer frame) throws IOException {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        out.write(bytes);
        out.flush();
    }

    <R> R readResponse(ApiRequest<R> request, int version) throws IOException {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        ByteBuffer body = ByteBuffer.wrap(frame);
        ResponseFrame.readCorrelationId(body);
        return ResponseFrame.decode(body, request, (short) version);
    }

    byte[] readBytes(int count) throws IOException {
        return in.readNBytes(count);
    }

    int available() throws IOException {
        return in.available();
    }

    /** Whether the node has closed the connection; waits for it. */
    boolean seesEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException reset) { // a connection the node had yet to accept ends this way
            return "Connection reset".equals(reset.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    static ProduceRequest produce(String topic, UUID topicId, int partition, int acks, ByteBuffer batch) {
        PartitionData data = new PartitionData(partition, List.of(batch), batch.remaining());
        return new ProduceRequest(null, (short) acks, 1000, List.of(new TopicData(topic, topicId, List.of(data))));
    }

    static ProduceRequest produce(String topic, int partition, ByteBuffer batch) {
        return produce(topic, TopicIds.UNKNOWN, partition, -1, batch);
    }

    /** An idempotent batch of one record. */
    static ByteBuffer batch(long producerId, int epoch, int sequence) {
        return MemoryRecords.withIdempotentRecords(
                        Compression.NONE,
                        producerId,
                        (short) epoch,
                        sequence,
                        new SimpleRecord(1000L, new byte[] {1}, new byte[] {2}))
                .buffer();
    }
}
