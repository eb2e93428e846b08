package dev.millrace.benchmarks.run;

import dev.millrace.benchmarks.sink.Varint;
import dev.millrace.producer.config.CompressionConfig;
import dev.millrace.producer.internal.compression.ChunkOutput;
import dev.millrace.producer.internal.compression.Codec;
import dev.millrace.producer.internal.compression.Codecs;
import dev.millrace.producer.internal.record.RecordBatchLayout;
import dev.millrace.producer.internal.record.Varints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/** One thread's part of the limit: one batch at a time, one batch in a request, five requests on their way. */
final class LimitSender implements Candidate.Sender {

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int MAX_IN_FLIGHT = 5;
    private static final short VERSION = 9;

    private final Workload workload;
    private final SocketChannel channel;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(2 * BATCH_BYTES);
    private final ByteBuffer head = ByteBuffer.allocateDirect(512);
    private final ByteBuffer compressed = ByteBuffer.allocateDirect(2 * BATCH_BYTES);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(4_096);
    private final ByteBuffer tail = ByteBuffer.allocateDirect(3);
    private final byte[] topic;
    private final Codecs codecs = new Codecs();
    private final Codec codec;
    private final CRC32C crc = new CRC32C();
    private int records;
    private int inFlight;
    private int partition;
    private long firstMillis;

    LimitSender(Workload workload) throws IOException {
        this.workload = workload;
        String[] address = workload.bootstrapServers().split(",", -1)[0].split(":", -1);
        channel = SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        topic = workload.topic().getBytes(StandardCharsets.UTF_8);
        codec = codec(MillraceCandidate.config(workload).build().compression());
        batch.position(RecordBatchLayout.HEADER_BYTES);
    }

    private Codec codec(CompressionConfig config) {
        return codecs.codec(config.type(), config.level());
    }

    @Override
    public void send(Sample sample, Outcome outcome) {
        append(sample);
        boolean isPaced = workload.mode() == Workload.Mode.OPEN;
        if (batch.position() >= BATCH_BYTES || isPaced) {
            write();
            while (inFlight >= (isPaced ? 1 : MAX_IN_FLIGHT)) {
                read();
            }
        }
        if (isPaced) {
            outcome.ended(false);
        }
    }

    @Override
    public void sendAndWait(Sample sample) {
        append(sample);
        flush();
    }

    void flush() {
        if (records > 0) {
            write();
        }
        while (inFlight > 0) {
            read();
        }
    }

    private void append(Sample sample) {
        long now = System.currentTimeMillis();
        if (records == 0) {
            firstMillis = now;
            partition = sample.partition == null ? (partition + 1) & 3 : sample.partition;
        }
        byte[] key = sample.key;
        byte[] value = sample.value;
        int keyBytes = key == null ? -1 : key.length;
        long delta = now - firstMillis;
        int body = 1
                + Varints.varlongBytes(delta)
                + Varints.varintBytes(records)
                + Varints.varintBytes(keyBytes)
                + Math.max(0, keyBytes)
                + Varints.varintBytes(value.length)
                + value.length
                + 1;
        Varints.putVarint(batch, body);
        batch.put((byte) 0);
        Varints.putVarlong(batch, delta);
        Varints.putVarint(batch, records);
        Varints.putVarint(batch, keyBytes);
        if (key != null) {
            batch.put(key);
        }
        Varints.putVarint(batch, value.length);
        batch.put(value).put((byte) 0);
        records++;
    }

    private void write() {
        ByteBuffer body = codec == Codec.NONE ? batch : compress();
        int bytes = body.position();
        body.putLong(RecordBatchLayout.BASE_OFFSET_OFFSET, 0);
        body.putInt(RecordBatchLayout.LENGTH_OFFSET, bytes - RecordBatchLayout.LENGTH_OVERHEAD_BYTES);
        body.putInt(RecordBatchLayout.PARTITION_LEADER_EPOCH_OFFSET, -1);
        body.put(RecordBatchLayout.MAGIC_OFFSET, RecordBatchLayout.MAGIC);
        body.putShort(RecordBatchLayout.ATTRIBUTES_OFFSET, (short) codec.type().id());
        body.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_OFFSET, records - 1);
        body.putLong(RecordBatchLayout.BASE_TIMESTAMP_OFFSET, firstMillis);
        body.putLong(RecordBatchLayout.MAX_TIMESTAMP_OFFSET, firstMillis);
        body.putLong(RecordBatchLayout.PRODUCER_ID_OFFSET, -1);
        body.putShort(RecordBatchLayout.PRODUCER_EPOCH_OFFSET, (short) -1);
        body.putInt(RecordBatchLayout.BASE_SEQUENCE_OFFSET, -1);
        body.putInt(RecordBatchLayout.RECORD_COUNT_OFFSET, records);
        body.flip().position(RecordBatchLayout.CRC_START_OFFSET);
        crc.reset();
        crc.update(body);
        body.putInt(RecordBatchLayout.CRC_OFFSET, (int) crc.getValue()).position(0);
        writeRequest(body, bytes);
        batch.clear().position(RecordBatchLayout.HEADER_BYTES);
        records = 0;
        inFlight++;
    }

    private ByteBuffer compress() {
        compressed.clear();
        ChunkOutput out = new ChunkOutput(() -> compressed, RecordBatchLayout.HEADER_BYTES, Integer.MAX_VALUE);
        ByteBuffer in = batch.duplicate().flip().position(RecordBatchLayout.HEADER_BYTES);
        codec.compress(List.of(in), out);
        compressed.limit(compressed.capacity()).position(RecordBatchLayout.HEADER_BYTES + out.sizeBytes());
        return compressed;
    }

    private void writeRequest(ByteBuffer body, int bytes) {
        head.clear().position(Integer.BYTES);
        head.putShort((short) 0)
                .putShort(VERSION)
                .putInt(0)
                .putShort((short) -1)
                .put((byte) 0);
        head.put((byte) 0).putShort((short) -1).putInt(30_000).put((byte) 2); // one topic
        Varint.write(head, topic.length + 1);
        head.put(topic).put((byte) 2).putInt(partition); // one partition
        Varint.write(head, bytes + 1);
        head.putInt(0, head.position() - Integer.BYTES + bytes + tail.capacity())
                .flip();
        tail.clear();
        ByteBuffer[] all = {head, body, tail};
        try {
            while (tail.hasRemaining()) {
                channel.write(all);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try {
            answer.clear().limit(Integer.BYTES);
            readAll();
            answer.limit(Integer.BYTES + answer.getInt(0));
            readAll();
            inFlight--;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readAll() throws IOException {
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new IOException("the sink has closed the connection");
            }
        }
    }

    void close() {
        codecs.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
