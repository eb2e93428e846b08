package dev.millrace.producer.internal.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.DefaultRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RecordSizesProperty {

    @Test
    @Tag("row-5")
    void exactSizeIsThatOfTheReferenceAndNeverAboveTheBound() {
        long seed = new Random().nextLong();
        RandomRecords records = new RandomRecords(new Random(seed));
        for (int i = 0; i < 1_000_000; i++) {
            int keyBytes = lengthOf(records.nullableBytes());
            int valueBytes = lengthOf(records.nullableBytes());
            Headers headers = records.headers();
            long timestampDelta = records.timestampDeltaMillis();
            int offsetDelta = records.offsetDelta();

            int exact = RecordSizes.recordBytes(
                    RecordSizes.recordBodyBytes(keyBytes, valueBytes, headers, timestampDelta, offsetDelta));

            assertThat(exact)
                    .as("seed %d", seed)
                    .isEqualTo(DefaultRecord.sizeInBytes(
                            offsetDelta, timestampDelta, keyBytes, valueBytes, referenceHeaders(headers)));
            assertThat(RecordSizes.upperBoundBytes(keyBytes, valueBytes, headers))
                    .as("seed %d", seed)
                    .isGreaterThanOrEqualTo(RecordBatchLayout.HEADER_BYTES + exact);
        }
    }

    private static int lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? RecordSizes.NULL_LENGTH : bytes.length;
    }

    static org.apache.kafka.common.header.Header[] referenceHeaders(Headers headers) {
        return headers.asList().stream()
                .map(RecordSizesProperty::referenceHeader)
                .toArray(org.apache.kafka.common.header.Header[]::new);
    }

    private static org.apache.kafka.common.header.Header referenceHeader(Header header) {
        return new RecordHeader(header.key(), header.value());
    }
}
