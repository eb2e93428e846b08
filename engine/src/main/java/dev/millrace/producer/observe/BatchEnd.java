package dev.millrace.producer.observe;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ProducerException;
import org.jspecify.annotations.Nullable;

/**
 * All records of a batch are delivered or failed.
 *
 * @param partition where they went or should have gone
 * @param records how many
 * @param rawBytes their size before compression, without the header of the batch
 * @param wireBytes the size of the batch as it travels, header included; 0 if it was never sent
 * @param attempts how often it was sent
 * @param times where the time went
 * @param failure what the first record's future failed with, null if all records are delivered; records of one batch
 *     are delivered together or fail together, though each may have its own reason (KIP-467)
 */
public record BatchEnd(
        TopicPartition partition,
        int records,
        int rawBytes,
        int wireBytes,
        int attempts,
        StageTimes times,
        @Nullable ProducerException failure) {}
