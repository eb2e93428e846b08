package dev.millrace.producer.observe;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;

/**
 * A batch will be sent again.
 *
 * @param partition where it goes
 * @param records how many records it holds
 * @param attempts how often it was sent so far
 * @param node the node that gave the reason
 * @param cause the broker's error, or what stands for it if there was no answer
 */
public record BatchRetry(TopicPartition partition, int records, int attempts, int node, ErrorCode cause) {}
