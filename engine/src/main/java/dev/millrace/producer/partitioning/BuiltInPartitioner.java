package dev.millrace.producer.partitioning;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ways to choose a partition that need no code of the user, by name. Each but {@link #ROUND_ROBIN} hashes keys and
 * leaves the rest to the sticky choice: one partition until a batch is full, then another one at random, weighted by how
 * little waits for each (KIP-480, KIP-794).
 */
public enum BuiltInPartitioner {
    /**
     * What the Java clients do: 32-bit murmur2 of the key, without sign, modulo all partitions. An empty key is a key.
     * librdkafka calls it {@code murmur2_random}.
     */
    DEFAULT("default", "murmur2-random", "org.apache.kafka.clients.producer.internals.DefaultPartitioner"),

    /** One partition with a leader after the other, whatever the key; each record moves on by one. */
    ROUND_ROBIN("round-robin", "org.apache.kafka.clients.producer.RoundRobinPartitioner"),

    /** What librdkafka and the clients made of it do: CRC32 of the key modulo all partitions. An empty key is none. */
    CONSISTENT_RANDOM("consistent-random"),

    /**
     * What sarama does: 32-bit FNV-1a of the key as a signed number, the remainder by all partitions without its sign.
     * An empty key is a key. Not the same as sarama's {@code NewReferenceHashPartitioner}, which drops the sign first.
     */
    FNV1A("fnv1a", "fnv1a-random");

    private static final Map<String, BuiltInPartitioner> BY_NAME = new TreeMap<>();

    static {
        for (BuiltInPartitioner each : values()) {
            for (String name : each.names) {
                BY_NAME.put(name, each);
                BY_NAME.put(name.replace('-', '_'), each);
                BY_NAME.put(name.substring(name.lastIndexOf('.') + 1), each);
            }
        }
    }

    private final List<String> names;

    BuiltInPartitioner(String... names) {
        this.names = List.of(names);
    }

    /**
     * The one with this name. Besides those of {@link #names()}, librdkafka's name and that of Kafka's class, with and
     * without its package, are understood.
     *
     * @return null if there is none
     */
    public static @Nullable BuiltInPartitioner named(String name) {
        return BY_NAME.get(name);
    }

    /** The names users are to write, one for each. */
    public static List<String> names() {
        return Arrays.stream(values()).map(each -> each.names.get(0)).toList();
    }

    /** Its name in a configuration. */
    @Override
    public String toString() {
        return names.get(0);
    }
}
