package dev.millrace.benchmarks.sink;

import java.nio.ByteBuffer;

/**
 * Reads Produce requests where they lie and answers at once, without an object for any part of them. Versions 9 to 13, which
 * are flexible; those from 13 on name a topic by its id.
 */
final class ProduceAnswer {

    static final short MIN_VERSION = 9;
    static final short MAX_VERSION = 13;

    private static final int RECORD_COUNT_OFFSET = 57; // in a v2 batch
    private static final short NO_ERROR = 0;
    private static final short CORRUPT_MESSAGE = 2;

    private final BatchCheck check;
    private final SinkCounts counts;
    private final long[] nextOffset;

    ProduceAnswer(SinkTopology topology, BatchCheck check, SinkCounts counts) {
        this.check = check;
        this.counts = counts;
        this.nextOffset = new long[topology.partitions()];
    }

    /**
     * Answers one request.
     *
     * @param in behind the request header, up to the end of the request
     * @param out takes the body of the response; has room for as many bytes as the request has
     * @return whether the client expects an answer at all
     */
    boolean answer(short version, ByteBuffer in, ByteBuffer out) {
        counts.produceRequests++;
        skipCompact(in); // transactional id
        short acks = in.getShort();
        in.getInt(); // timeout
        int topics = Varint.read(in) - 1;
        Varint.write(out, topics + 1);
        for (int i = 0; i < topics; i++) {
            topic(version, in, out);
        }
        skipTags(in);
        out.putInt(0); // throttle time
        out.put((byte) 0);
        return acks != 0;
    }

    private void topic(short version, ByteBuffer in, ByteBuffer out) {
        if (version >= 13) {
            out.putLong(in.getLong()).putLong(in.getLong());
        } else {
            int length = Varint.read(in);
            Varint.write(out, length);
            for (int i = 1; i < length; i++) {
                out.put(in.get());
            }
        }
        int partitions = Varint.read(in) - 1;
        Varint.write(out, partitions + 1);
        for (int i = 0; i < partitions; i++) {
            partition(in, out);
            skipTags(in);
        }
        skipTags(in);
        out.put((byte) 0);
    }

    private void partition(ByteBuffer in, ByteBuffer out) {
        int partition = in.getInt();
        int bytes = Varint.read(in) - 1;
        int end = in.position() + bytes;
        int records = in.getInt(in.position() + RECORD_COUNT_OFFSET);
        String wrong = check == BatchCheck.NONE ? "" : judge(partition, in, end);
        in.position(end);
        counts.batches++;
        counts.records += records;
        counts.batchBytes += bytes;
        long baseOffset = nextOffset[partition];
        nextOffset[partition] += records;
        out.putInt(partition).putShort(wrong.isEmpty() ? NO_ERROR : CORRUPT_MESSAGE);
        out.putLong(baseOffset).putLong(-1).putLong(0); // base offset, log append time, log start offset
        out.put((byte) 1).put((byte) 0).put((byte) 0); // no record errors, no message, no tags
    }

    private String judge(int partition, ByteBuffer in, int end) {
        String wrong = check.judge(partition, in.duplicate().limit(end));
        if (!wrong.isEmpty()) {
            counts.fault("partition " + partition + ": " + wrong);
        }
        return wrong;
    }

    private static void skipCompact(ByteBuffer in) {
        int length = Varint.read(in);
        in.position(in.position() + Math.max(0, length - 1));
    }

    private static void skipTags(ByteBuffer in) {
        int tags = Varint.read(in);
        for (int i = 0; i < tags; i++) {
            Varint.read(in);
            int bytes = Varint.read(in);
            in.position(in.position() + bytes);
        }
    }
}
