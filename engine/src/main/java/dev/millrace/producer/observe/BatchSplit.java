package dev.millrace.producer.observe;

import dev.millrace.producer.TopicPartition;

/**
 * A batch was larger than the broker takes and goes on in pieces.
 *
 * @param partition where it goes
 * @param records how many records it held
 * @param wireBytes its size, header included
 * @param pieces how many batches it became, at least 2
 */
public record BatchSplit(TopicPartition partition, int records, int wireBytes, int pieces) {}
