package dev.millrace.testkit;

import dev.millrace.producer.TopicPartition;
import dev.millrace.testkit.ConsumerRequests.JoinGroup;
import dev.millrace.testkit.ConsumerRequests.Membership;
import dev.millrace.testkit.ConsumerRequests.OffsetCommit;
import dev.millrace.testkit.ConsumerRequests.OffsetFetch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Coordinates consumer groups of the classic protocol, each of one member: another one is told that the group is full, as by
 * a broker whose {@code group.max.size} is 1, until the first has left or been silent for its session timeout. Guarded by the
 * cluster's lock.
 */
final class GroupService {

    private static final short NONE = 0;
    private static final short NOT_COORDINATOR = 16;
    private static final short ILLEGAL_GENERATION = 22;
    private static final short UNKNOWN_MEMBER_ID = 25;
    private static final short GROUP_MAX_SIZE_REACHED = 81;

    private static final int NO_GENERATION = -1;
    private static final long NO_OFFSET = -1;
    private static final int FIRST_OFFSET_FETCH_WITH_ERROR = 2;

    private final GroupOffsets offsets;
    private final CoordinatorService coordinators;
    private final Map<String, Group> groups = new HashMap<>();

    GroupService(GroupOffsets offsets, CoordinatorService coordinators) {
        this.offsets = offsets;
        this.coordinators = coordinators;
    }

    /** A group and its one member. */
    private static final class Group {

        private int generation;
        private @Nullable String memberId; // null if there is none
        private Duration sessionTimeout = Duration.ZERO;
        private long seenNanos;

        boolean isTaken() {
            return memberId != null && System.nanoTime() - seenNanos < sessionTimeout.toNanos();
        }

        void seen() {
            seenNanos = System.nanoTime();
        }
    }

    Answer answer(ReceivedRequest received, JoinGroup request) {
        Group group = groups.computeIfAbsent(request.groupId(), id -> new Group());
        short error = isMisplaced(received, request.groupId()) ? NOT_COORDINATOR : join(group, request, received);
        String memberId = error == NONE ? String.valueOf(group.memberId) : request.memberId();
        return received.reply(out -> {
            out.writeInt32(0); // throttle time
            out.writeInt16(error);
            out.writeInt32(error == NONE ? group.generation : NO_GENERATION);
            out.writeString(error == NONE ? request.protocol() : "");
            out.writeString(error == NONE ? memberId : ""); // the leader
            out.writeString(memberId);
            out.writeArray(error == NONE ? List.of(memberId) : List.<String>of(), member -> {
                out.writeString(member);
                out.writeBytes(request.metadata());
            });
        });
    }

    private static short join(Group group, JoinGroup request, ReceivedRequest received) {
        if (request.memberId().isEmpty()) {
            if (group.isTaken()) {
                return GROUP_MAX_SIZE_REACHED;
            }
            group.memberId = received.header().clientId() + "-" + UUID.randomUUID();
        } else if (!request.memberId().equals(group.memberId)) {
            return UNKNOWN_MEMBER_ID;
        }
        group.generation++;
        group.sessionTimeout = Duration.ofMillis(request.sessionTimeoutMillis());
        group.seen();
        return NONE;
    }

    Answer answer(ReceivedRequest received, Membership request) {
        short error = check(received, request.groupId(), request.generation(), request.memberId());
        Group group = groups.get(request.groupId());
        if (error == NONE && group != null && request.api() == Api.LEAVE_GROUP) {
            group.memberId = null;
        }
        byte[] assignment = request.assignment();
        return received.reply(out -> {
            out.writeInt32(0); // throttle time
            out.writeInt16(error);
            if (request.api() == Api.SYNC_GROUP) {
                out.writeBytes(assignment == null ? new byte[0] : assignment);
            }
        });
    }

    private short check(ReceivedRequest received, String groupId, int generation, String memberId) {
        if (isMisplaced(received, groupId)) {
            return NOT_COORDINATOR;
        }
        Group group = groups.get(groupId);
        if (group == null || !memberId.equals(group.memberId)) {
            return UNKNOWN_MEMBER_ID;
        }
        group.seen();
        return generation == NO_GENERATION || generation == group.generation ? NONE : ILLEGAL_GENERATION;
    }

    private boolean isMisplaced(ReceivedRequest received, String groupId) {
        return coordinators.nodeOf(groupId) != received.node();
    }

    Answer answer(ReceivedRequest received, OffsetCommit request) {
        boolean isNoMember =
                request.generation() == NO_GENERATION && request.memberId().isEmpty();
        short error;
        if (isNoMember) {
            error = isMisplaced(received, request.groupId()) ? NOT_COORDINATOR : NONE;
        } else {
            error = check(received, request.groupId(), request.generation(), request.memberId());
        }
        if (error == NONE) {
            offsets.commit(request.groupId(), request.offsets());
        }
        Map<String, List<TopicPartition>> topics = byTopic(request.offsets().keySet());
        return received.reply(out -> FetchService.forEachTopic(out, topics, partition -> {
            out.writeInt32(partition.partition());
            out.writeInt16(error);
        }));
    }

    Answer answer(ReceivedRequest received, OffsetFetch request) {
        Map<TopicPartition, Long> committed = offsets.committed(request.groupId());
        List<TopicPartition> asked = request.partitions();
        Map<String, List<TopicPartition>> topics = byTopic(asked == null ? committed.keySet() : asked);
        short error = isMisplaced(received, request.groupId()) ? NOT_COORDINATOR : NONE;
        return received.reply(out -> {
            FetchService.forEachTopic(out, topics, partition -> {
                out.writeInt32(partition.partition());
                out.writeInt64(error == NONE ? committed.getOrDefault(partition, NO_OFFSET) : NO_OFFSET);
                out.writeNullableString("");
                out.writeInt16(error);
            });
            if (received.version() >= FIRST_OFFSET_FETCH_WITH_ERROR) {
                out.writeInt16(error);
            }
        });
    }

    private static Map<String, List<TopicPartition>> byTopic(Iterable<TopicPartition> all) {
        Map<String, List<TopicPartition>> topics = new LinkedHashMap<>();
        for (TopicPartition each : all) {
            topics.computeIfAbsent(each.topic(), topic -> new ArrayList<>()).add(each);
        }
        return topics;
    }
}
