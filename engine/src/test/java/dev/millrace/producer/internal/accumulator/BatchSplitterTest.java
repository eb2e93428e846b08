package dev.millrace.producer.internal.accumulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BatchSplitterTest {

    private final TestAccumulator test = new TestAccumulator();

    @Test
    void keepsOrderSizesAgeAndEveryFuture() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            TestAccumulator each = new TestAccumulator();
            List<String> values = new ArrayList<>();
            List<String> completed = new ArrayList<>();
            for (int count = 2 + random.nextInt(12); count > 0; count--) {
                String value = values.size() + "x".repeat(random.nextInt(200));
                values.add(value);
                each.append(Records.record(value), new RecordCompletion((metadata, failure) -> completed.add(value)));
            }
            long createdNanos = each.ticker.nanos();
            ProducerBatch parent = each.drain();
            parent.stamp(1, (short) 0, 0);
            int pieceBytes = Math.min(TestAccumulator.BATCH_BYTES, parent.sizeBytes() / 2);
            each.ticker.advance(TestAccumulator.LINGER);

            List<ProducerBatch> pieces = each.split(parent);

            assertThat(pieces).as("seed %d", seed).hasSizeGreaterThan(1);
            List<String> read = new ArrayList<>();
            for (ProducerBatch piece : pieces) {
                assertThat(piece.createdNanos()).as("seed %d", seed).isEqualTo(createdNanos);
                assertThat(piece.recordCount() == 1 || piece.sizeBytes() <= pieceBytes)
                        .as("seed %d", seed)
                        .isTrue();
                read.addAll(Records.values(piece));
            }
            assertThat(read).as("seed %d", seed).isEqualTo(values);
            pieces.forEach(each::succeed);
            each.deliver();
            assertThat(completed).as("seed %d", seed).isEqualTo(values);
            assertThat(each.pool.usage().usedBytes()).as("seed %d", seed).isZero();
            assertThat(each.pending()).as("seed %d", seed).isZero();
        }
    }

    @Test
    void keepsKeysHeadersAndTimestamps() {
        var record = Records.record("value");
        record.setKey(new byte[] {1, 2, 3}, 1, 2);
        record.setHeaders(Headers.of("h", "v"));
        record.setTimestampMillis(42);
        test.append(record);
        record.setTimestampMillis(17);
        test.append(record);
        ProducerBatch parent = test.drain();
        parent.stamp(-1, (short) -1, -1);

        List<ProducerBatch> pieces = test.split(parent);

        assertThat(pieces).hasSize(2);
        assertThat(pieces.get(1).sizeBytes()).isEqualTo(pieces.get(0).sizeBytes());
        assertThat(pieces.get(0).writer().baseTimestampMillis()).isEqualTo(42);
        assertThat(pieces.get(1).writer().baseTimestampMillis()).isEqualTo(17);
    }

    @Test
    @Tag("T19")
    void converges() {
        for (int i = 0; i < 12; i++) {
            test.append(Records.recordOf(150));
        }
        List<ProducerBatch> batches = new ArrayList<>(List.of(test.drain()));
        int rounds = 0;
        while (batches.stream().anyMatch(batch -> batch.recordCount() > 1)) {
            rounds++;
            List<ProducerBatch> next = new ArrayList<>();
            for (ProducerBatch batch : batches) {
                if (batch.recordCount() == 1) {
                    next.add(batch);
                } else {
                    batch.stamp(-1, (short) -1, -1);
                    next.addAll(test.split(batch));
                }
            }
            batches = next;
        }

        assertThat(rounds).isLessThanOrEqualTo(5);
        assertThat(batches).hasSize(12);
        batches.forEach(test::succeed);
        assertThat(test.pool.usage().usedBytes()).isZero();
    }

    @Test
    void letsLaterBatchesGrowNoLargerThanThePieces() {
        for (int i = 0; i < 8; i++) {
            test.append(Records.recordOf(100));
        }
        ProducerBatch parent = test.drain();
        parent.stamp(-1, (short) -1, -1);
        var unused = test.split(parent);

        for (int i = 0; i < 20; i++) {
            test.append(Records.recordOf(100));
        }

        assertThat(test.drain().sizeBytes()).isLessThanOrEqualTo(parent.sizeBytes() / 2);
    }

    @Test
    void worksBeyondTheMemoryLimit() {
        TestAccumulator small = new TestAccumulator(new BatchLimits(3_000, 3_000, 0), 1);
        small.append(Records.recordOf(1_000));
        small.append(Records.recordOf(1_000));
        ProducerBatch parent = small.drain();
        parent.stamp(-1, (short) -1, -1);

        List<ProducerBatch> pieces = small.split(parent);

        assertThat(small.pool.usage().usedBytes()).isEqualTo(2L * BufferPool.CHUNK_BYTES);
        pieces.forEach(small::succeed);
        assertThat(small.pool.usage().usedBytes()).isZero();
    }
}
