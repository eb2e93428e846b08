package dev.millrace.benchmarks.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** Kafka's own classes write the requests and read the answers. */
class ProduceAnswerTest {

    private static final short BY_NAME = 9;
    private static final short BY_ID = 13;
    private static final Uuid TOPIC_ID = new Uuid(1, 2);

    private final SinkTopology topology = new SinkTopology("t", TOPIC_ID, 3, new int[] {9092});
    private final SinkCounts counts = new SinkCounts();
    private final ProduceAnswer answer = new ProduceAnswer(topology, new StrictCheck(), counts);

    @Test
    void acknowledgesEachPartitionWithItsNextOffset() {
        answer(BY_NAME, partition(1, batch(0, 5)), partition(2, batch(0, 2)));
        ProduceResponseData second = answer(BY_NAME, partition(1, batch(5, 1)));

        ProduceResponseData.PartitionProduceResponse result =
                second.responses().iterator().next().partitionResponses().get(0);
        assertThat(second.responses().iterator().next().name()).isEqualTo("t");
        assertThat(result.index()).isEqualTo(1);
        assertThat(result.errorCode()).isZero();
        assertThat(result.baseOffset()).isEqualTo(5);
        assertThat(counts.records).isEqualTo(8);
        assertThat(counts.batches).isEqualTo(3);
    }

    @Test
    void takesTopicsByTheirId() {
        ProduceResponseData response = answer(BY_ID, partition(0, batch(0, 3)));

        assertThat(response.responses().iterator().next().topicId()).isEqualTo(TOPIC_ID);
        assertThat(counts.faults).isZero();
    }

    @Test
    void noticesAWrongChecksum() {
        MemoryRecords records = batch(0, 3);
        records.buffer().put(records.sizeInBytes() - 1, (byte) 77);

        answer(BY_NAME, partition(0, records));

        assertThat(counts.faults).isEqualTo(1);
    }

    @Test
    void noticesAGapInTheSequences() {
        answer(BY_NAME, partition(0, batch(0, 3)));
        answer(BY_NAME, partition(0, batch(4, 1)));

        assertThat(counts.faults).isEqualTo(1);
        assertThat(counts.firstFault).contains("sequence 4 instead of 3");
    }

    private static MemoryRecords batch(int sequence, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(1_700_000_000_000L, null, new byte[10]);
        }
        return MemoryRecords.withIdempotentRecords(Compression.NONE, 7, (short) 0, sequence, records);
    }

    private static ProduceRequestData.PartitionProduceData partition(int index, MemoryRecords records) {
        return new ProduceRequestData.PartitionProduceData().setIndex(index).setRecords(records);
    }

    private ProduceResponseData answer(short version, ProduceRequestData.PartitionProduceData... partitions) {
        ProduceRequestData.TopicProduceData topic =
                new ProduceRequestData.TopicProduceData().setPartitionData(List.of(partitions));
        if (version >= BY_ID) {
            topic.setTopicId(TOPIC_ID);
        } else {
            topic.setName("t");
        }
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1_000);
        request.topicData().add(topic);
        ByteBuffer in = MessageUtil.toByteBufferAccessor(request, version).buffer();
        ByteBuffer out = ByteBuffer.allocate(4_096);
        assertThat(answer.answer(version, in, out)).isTrue();
        return new ProduceResponseData(new ByteBufferAccessor(out.flip()), version);
    }
}
