package dev.millrace.producer.observe;

import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.errors.ProducerException;

/**
 * A record failed before it was in a batch.
 *
 * @param topic where it should have gone
 * @param partition the partition, {@link RecordMetadata#UNKNOWN_PARTITION} if none was chosen
 * @param failure what its future failed with
 */
public record RecordRefusal(String topic, int partition, ProducerException failure) {}
