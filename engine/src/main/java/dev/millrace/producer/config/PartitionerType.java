package dev.millrace.producer.config;

/** The built-in ways to find a partition for a record that names none. */
public enum PartitionerType {

    /** By murmur2 of the key; without key to one partition until a batch is full, then to another (KIP-480, KIP-794). */
    DEFAULT("default"),
    /** To all partitions in turn, whatever the key. */
    ROUND_ROBIN("round-robin"),
    /** As librdkafka's default: by CRC-32 of the key, at random if the key is null or empty. */
    CONSISTENT_RANDOM("consistent-random"),
    /** As librdkafka's {@code murmur2_random}: by murmur2 of the key, at random if the key is null. */
    MURMUR2_RANDOM("murmur2-random"),
    /** As sarama's default: by FNV-1a (32 bits) of the key, at random if the key is null. */
    FNV1A("fnv1a");

    private static final String KAFKA_ROUND_ROBIN = "org.apache.kafka.clients.producer.RoundRobinPartitioner";

    private final String text;

    PartitionerType(String text) {
        this.text = text;
    }

    /**
     * Reads the form used in configurations, with {@code -} or {@code _} between the words, or the name of Kafka's
     * round-robin class; surrounding blanks and case do not matter.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static PartitionerType parse(String text) {
        return text.trim().equals(KAFKA_ROUND_ROBIN) ? ROUND_ROBIN : Choices.parse(values(), text);
    }

    /** The form used in configurations. */
    @Override
    public String toString() {
        return text;
    }
}
