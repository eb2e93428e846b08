package dev.millrace.spring.messaging;

/** Headers of a message that say where its record goes. They are not headers of the record. */
public final class ProducerHeaders {

    /** The topic: text, or its bytes in UTF-8. */
    public static final String TOPIC = "kafka_topic";

    /** The key, of whatever type the key's serializer takes. */
    public static final String KEY = "kafka_messageKey";

    /** The number of the partition. */
    public static final String PARTITION = "kafka_partitionId";

    /** The record's time, in milliseconds since the epoch. */
    public static final String TIMESTAMP = "kafka_timestamp";

    private ProducerHeaders() {}
}
