package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What group coordinators keep: members, committed offsets, and those of open transactions (Kafka 4.3; KIP-447).
 *
 * <pre>
 * groups.member("readers", 7, "consumer-1", null);   // the group's generation, its only member
 * groups.committed("readers")                        // what a consumer would go on from
 * </pre>
 */
public final class SimulatedGroups {

    private final Map<String, Group> groups = new HashMap<>();

    private static final class Group {
        int generation = -1;
        final Map<String, String> memberByInstance = new HashMap<>();
        final Map<String, @Nullable String> members = new HashMap<>();
        final Map<TopicPartition, Long> committed = new LinkedHashMap<>();
        final Map<Long, Map<TopicPartition, Long>> pending = new HashMap<>(); // by producer id
    }

    /** A consumer joins, which begins a generation; a second one with the same instance takes the place of the first. */
    public void member(String groupId, int generation, String memberId, @Nullable String instanceId) {
        Group group = group(groupId);
        group.generation = generation;
        group.members.put(memberId, instanceId);
        if (instanceId != null) {
            String replaced = group.memberByInstance.put(instanceId, memberId);
            if (replaced != null && !replaced.equals(memberId)) {
                group.members.remove(replaced);
            }
        }
    }

    /** All consumers leave. */
    public void empty(String groupId) {
        Group group = group(groupId);
        group.members.clear();
        group.memberByInstance.clear();
    }

    /** The offsets committed so far. */
    public Map<TopicPartition, Long> committed(String groupId) {
        return Map.copyOf(group(groupId).committed);
    }

    /** Whether a transaction that has offsets of the group is open. */
    public boolean hasPending(String groupId) {
        return !group(groupId).pending.isEmpty();
    }

    ErrorCode check(String groupId, Member member) {
        Group group = groups.get(groupId);
        if (group == null) {
            return member.generationId() < 0 ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
        }
        if (member.equals(Member.NONE) || (member.generationId() < 0 && group.members.isEmpty())) {
            return ErrorCode.NONE;
        }
        String instance = member.groupInstanceId();
        if (instance != null) {
            String holder = group.memberByInstance.get(instance);
            if (holder == null) {
                return ErrorCode.UNKNOWN_MEMBER_ID;
            }
            if (!holder.equals(member.memberId())) {
                return ErrorCode.FENCED_INSTANCE_ID;
            }
        }
        if (!group.members.containsKey(member.memberId())) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return member.generationId() == group.generation ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
    }

    void add(String groupId, long producerId, TopicPartition partition, long offset) {
        group(groupId)
                .pending
                .computeIfAbsent(producerId, id -> new LinkedHashMap<>())
                .put(partition, offset);
    }

    void end(String groupId, long producerId, boolean commits) {
        Group group = group(groupId);
        Map<TopicPartition, Long> ended = group.pending.remove(producerId);
        if (commits && ended != null) {
            group.committed.putAll(ended);
        }
    }

    private Group group(String groupId) {
        return groups.computeIfAbsent(groupId, id -> new Group());
    }
}
