package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.ConsumerGroupMetadata;
import dev.millrace.producer.OffsetAndMetadata;
import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.VersionRange;
import dev.millrace.producer.internal.protocol.message.TopicErrors;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.Member;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.PartitionOffset;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitRequest.TopicOffsets;
import dev.millrace.producer.internal.protocol.message.TxnOffsetCommitResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Gives offsets to the coordinator of their group; what it has not taken is given again, and nothing else. */
@EventLoopOnly
final class OffsetsExchange implements CoordinatorRequest.Exchange<TxnOffsetCommitResponse> {

    private static final short FIRST_WITH_MEMBER = 3;
    private static final int NO_LEADER_EPOCH = -1;

    // one that a simulation can repeat
    private static final Comparator<TopicPartition> IN_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final TransactionCore core;
    private final Protocol protocol;
    private final String group;
    private final Member member;
    private final Map<TopicPartition, OffsetAndMetadata> left;
    private final Map<TopicPartition, ErrorCode> refused = new LinkedHashMap<>();
    private final Listener listener;

    OffsetsExchange(
            TransactionCore core,
            Protocol protocol,
            ConsumerGroupMetadata group,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Listener listener) {
        this.core = core;
        this.protocol = protocol;
        this.group = group.groupId();
        this.member = new Member(group.generationId(), group.memberId(), group.groupInstanceId());
        this.left = new TreeMap<>(IN_ORDER);
        this.left.putAll(offsets);
        this.listener = listener;
    }

    /** Hears of the end. */
    interface Listener {

        /** All of them are taken. */
        void onTaken();

        /** Some of them are not. */
        void onRefused(Inquiry inquiry, ErrorCode error, Reaction reaction);

        /** The coordinator does not speak what is needed. */
        void onUnsupported(UnsupportedApiException unsupported);
    }

    @Override
    public Inquiry inquiry() {
        return Inquiry.OFFSETS;
    }

    @Override
    public ApiRequest<TxnOffsetCommitResponse> request() {
        Map<String, List<PartitionOffset>> byTopic = new TreeMap<>();
        left.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                .add(new PartitionOffset(
                        partition.partition(),
                        offset.offset(),
                        offset.leaderEpoch() == null ? NO_LEADER_EPOCH : offset.leaderEpoch(),
                        offset.metadata())));
        List<TopicOffsets> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topic, partitions) -> topics.add(new TopicOffsets(topic, partitions)));
        return new TxnOffsetCommitRequest(
                core.settings().transactionalId(),
                group,
                core.identity().producerId(),
                core.identity().epoch(),
                member,
                topics);
    }

    @Override
    public short version(NegotiatedVersions versions) {
        short version = versions.chooseAtMost(ApiKey.TXN_OFFSET_COMMIT, protocol.maxOffsetCommit());
        short oldest = oldestVersion();
        if (version < oldest) {
            throw new UnsupportedApiException(
                    ApiKey.TXN_OFFSET_COMMIT,
                    new VersionRange(oldest, protocol.maxOffsetCommit()),
                    new VersionRange(ApiKey.TXN_OFFSET_COMMIT.versions().min(), version));
        }
        return version;
    }

    private short oldestVersion() {
        if (protocol == Protocol.IMPLICIT) {
            return protocol.maxOffsetCommit(); // an older one would not make the offsets part of the transaction
        }
        return member.equals(Member.NONE) ? 0 : FIRST_WITH_MEMBER;
    }

    @Override
    public ErrorCode take(TxnOffsetCommitResponse response) {
        refused.clear();
        for (TopicErrors topic : response.topics()) {
            for (TopicErrors.PartitionError each : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), each.index());
                if (each.error() == ErrorCode.NONE) {
                    left.remove(partition);
                } else if (left.containsKey(partition)) {
                    refused.put(partition, each.error());
                }
            }
        }
        left.keySet().forEach(partition -> refused.putIfAbsent(partition, ErrorCode.UNKNOWN_SERVER_ERROR));
        return WorstError.of(inquiry(), refused.values());
    }

    @Override
    public void onEnd(TxnOffsetCommitResponse response, ErrorCode error, Reaction reaction) {
        if (reaction == Reaction.DONE) {
            listener.onTaken();
        } else {
            listener.onRefused(inquiry(), error, reaction);
        }
    }

    @Override
    public void onNoCoordinator(ErrorCode error, Reaction reaction) {
        listener.onRefused(Inquiry.COORDINATOR, error, reaction);
    }

    @Override
    public boolean retriesUnsupported(UnsupportedApiException unsupported) {
        listener.onUnsupported(unsupported);
        return false;
    }

    /** For messages: which partitions were refused. */
    String describe() {
        return "partitions=" + (refused.isEmpty() ? left.keySet() : refused);
    }

    /** The topics whose offsets this client may not commit, with commas between. */
    String refusedTopics() {
        return refused.entrySet().stream()
                .filter(each -> each.getValue() == ErrorCode.TOPIC_AUTHORIZATION_FAILED)
                .map(each -> each.getKey().topic())
                .distinct()
                .collect(Collectors.joining(","));
    }
}
