package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.TopicPartition;
import java.util.LinkedHashSet;
import java.util.Set;

/** What a coordinator keeps of one transactional id (Kafka 4.3, TransactionMetadata). */
final class CoordinatedId {

    static final long NO_PRODUCER_ID = -1;
    static final short NO_EPOCH = -1;

    /** The last epoch a producer gets to see; after it comes another producer id. */
    static final short LAST_EPOCH = Short.MAX_VALUE - 1;

    final String id;
    long producerId;
    long previousProducerId = NO_PRODUCER_ID;
    long nextProducerId = NO_PRODUCER_ID; // while a transaction ends that uses up the epochs
    short epoch = NO_EPOCH;
    short lastEpoch = NO_EPOCH; // with which the producer may ask again; none after a successor asked
    int timeoutMillis;
    TransactionPhase phase = TransactionPhase.EMPTY;
    final Set<TopicPartition> partitions = new LinkedHashSet<>();
    final Set<String> groups = new LinkedHashSet<>();
    long transactions; // how many have begun: tells the timers of older ones apart

    CoordinatedId(String id, long producerId) {
        this.id = id;
        this.producerId = producerId;
    }

    boolean isExhausted() {
        return epoch >= LAST_EPOCH;
    }

    void rotate(long newProducerId) {
        previousProducerId = producerId;
        producerId = newProducerId;
        epoch = 0;
    }

    @Override
    public String toString() {
        return id + " producerId=" + producerId + " epoch=" + epoch + " " + phase + " " + partitions + " " + groups;
    }
}
