package dev.millrace.producer;

import org.jspecify.annotations.Nullable;

/**
 * A consumer's place in its group, as its client tells it. With generation and member the group's coordinator refuses the
 * offsets of a consumer that has lost its partitions meanwhile (KIP-447).
 *
 * @param groupId the group, not empty
 * @param generationId generation of the group, -1 if not known
 * @param memberId the name the coordinator gave the consumer, empty if not known
 * @param groupInstanceId the name the consumer gave itself, null without static membership
 */
public record ConsumerGroupMetadata(
        String groupId, int generationId, String memberId, @Nullable String groupInstanceId) {

    private static final int UNKNOWN_GENERATION = -1;

    /**
     * Checks that the parts fit together.
     *
     * @throws IllegalArgumentException if the group is empty, or the generation is known and the member is not
     */
    public ConsumerGroupMetadata {
        if (groupId.isEmpty()) {
            throw new IllegalArgumentException("group id must not be empty");
        }
        if (generationId > 0 && memberId.isEmpty()) {
            throw new IllegalArgumentException("generation " + generationId + " of group " + groupId
                    + " is given without the member; pass both, as the consumer's groupMetadata() has them");
        }
    }

    /** A group of which only the name is known: the offsets of a consumer that lost its partitions are taken, too. */
    public ConsumerGroupMetadata(String groupId) {
        this(groupId, UNKNOWN_GENERATION, "", null);
    }
}
