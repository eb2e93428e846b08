package dev.millrace.benchmarks.sink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestUtils;

/** Answers what is rare, with Kafka's own message classes. */
final class OtherAnswers {

    private static final short TRANSACTION_VERSION = 2; // KIP-890, as brokers since 4.0 have it
    private static final short LAST_VERSION_OF_CLIENTS = 3; // of AddPartitionsToTxn; later ones are between brokers

    private final SinkTopology topology;
    private final List<Integer> allNodes = new ArrayList<>();
    private long nextProducerId = 1_000;

    OtherAnswers(SinkTopology topology) {
        this.topology = topology;
        for (int node = 1; node <= topology.nodes(); node++) {
            allNodes.add(node);
        }
    }

    /**
     * The complete response without its length.
     *
     * @param request from its header on
     */
    ByteBuffer answer(ByteBuffer request) {
        ApiKeys api = ApiKeys.forId(request.getShort(request.position()));
        short version = request.getShort(request.position() + 2);
        ByteBufferAccessor in = new ByteBufferAccessor(request);
        boolean speaks = api.isVersionSupported(version);
        short headerVersion = speaks ? api.requestHeaderVersion(version) : 1;
        RequestHeaderData header = new RequestHeaderData(in, headerVersion);
        ResponseHeaderData responseHeader = new ResponseHeaderData().setCorrelationId(header.correlationId());
        short answered = speaks ? version : 0; // of ApiVersions, for which a broker falls back to the first one
        return RequestUtils.serialize(
                responseHeader, api.responseHeaderVersion(answered), body(api, version, speaks, in), answered);
    }

    private ApiMessage body(ApiKeys api, short version, boolean speaks, ByteBufferAccessor in) {
        return switch (api) {
            case API_VERSIONS -> apiVersions(speaks ? Errors.NONE : Errors.UNSUPPORTED_VERSION);
            case METADATA -> metadata(new MetadataRequestData(in, version));
            case INIT_PRODUCER_ID -> initProducerId(new InitProducerIdRequestData(in, version));
            case FIND_COORDINATOR -> findCoordinator(new FindCoordinatorRequestData(in, version));
            case ADD_PARTITIONS_TO_TXN -> addPartitions(new AddPartitionsToTxnRequestData(in, version));
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnResponseData();
            case END_TXN -> endTxn(new EndTxnRequestData(in, version));
            default -> throw new IllegalArgumentException("the sink does not speak " + api);
        };
    }

    private static ApiMessage apiVersions(Errors error) {
        ApiVersionsResponseData.ApiVersionCollection keys = new ApiVersionsResponseData.ApiVersionCollection();
        offer(keys, ApiKeys.PRODUCE, ProduceAnswer.MIN_VERSION, ProduceAnswer.MAX_VERSION);
        offer(keys, ApiKeys.ADD_PARTITIONS_TO_TXN, (short) 0, LAST_VERSION_OF_CLIENTS);
        for (ApiKeys api : List.of(
                ApiKeys.METADATA,
                ApiKeys.API_VERSIONS,
                ApiKeys.INIT_PRODUCER_ID,
                ApiKeys.FIND_COORDINATOR,
                ApiKeys.ADD_OFFSETS_TO_TXN,
                ApiKeys.END_TXN)) {
            offer(keys, api, api.oldestVersion(), api.latestVersion(false));
        }
        ApiVersionsResponseData.FinalizedFeatureKeyCollection features =
                new ApiVersionsResponseData.FinalizedFeatureKeyCollection();
        features.add(new ApiVersionsResponseData.FinalizedFeatureKey()
                .setName("transaction.version")
                .setMinVersionLevel(TRANSACTION_VERSION)
                .setMaxVersionLevel(TRANSACTION_VERSION));
        return new ApiVersionsResponseData()
                .setErrorCode(error.code())
                .setApiKeys(keys)
                .setFinalizedFeaturesEpoch(1)
                .setFinalizedFeatures(features);
    }

    private static void offer(
            ApiVersionsResponseData.ApiVersionCollection keys, ApiKeys api, short oldest, short newest) {
        keys.add(new ApiVersionsResponseData.ApiVersion()
                .setApiKey(api.id)
                .setMinVersion(oldest)
                .setMaxVersion(newest));
    }

    private ApiMessage metadata(MetadataRequestData request) {
        MetadataResponseData.MetadataResponseBrokerCollection brokers =
                new MetadataResponseData.MetadataResponseBrokerCollection();
        for (int node = 1; node <= topology.nodes(); node++) {
            brokers.add(new MetadataResponseData.MetadataResponseBroker()
                    .setNodeId(node)
                    .setHost(SinkTopology.HOST)
                    .setPort(topology.ports()[node - 1]));
        }
        MetadataResponseData.MetadataResponseTopicCollection topics =
                new MetadataResponseData.MetadataResponseTopicCollection();
        if (request.topics() == null || !request.topics().isEmpty()) {
            topics.add(topic());
        }
        return new MetadataResponseData()
                .setClusterId("sink")
                .setControllerId(1)
                .setBrokers(brokers)
                .setTopics(topics);
    }

    private MetadataResponseData.MetadataResponseTopic topic() {
        List<MetadataResponseData.MetadataResponsePartition> partitions = new ArrayList<>(topology.partitions());
        for (int partition = 0; partition < topology.partitions(); partition++) {
            partitions.add(new MetadataResponseData.MetadataResponsePartition()
                    .setPartitionIndex(partition)
                    .setLeaderId(topology.leader(partition))
                    .setLeaderEpoch(0)
                    .setReplicaNodes(allNodes)
                    .setIsrNodes(allNodes));
        }
        return new MetadataResponseData.MetadataResponseTopic()
                .setName(topology.topic())
                .setTopicId(topology.topicId())
                .setPartitions(partitions);
    }

    private ApiMessage initProducerId(InitProducerIdRequestData request) {
        boolean again = request.producerId() >= 0;
        return new InitProducerIdResponseData()
                .setProducerId(again ? request.producerId() : nextProducerId++)
                .setProducerEpoch((short) (again ? request.producerEpoch() + 1 : 0));
    }

    private ApiMessage findCoordinator(FindCoordinatorRequestData request) {
        FindCoordinatorResponseData response = new FindCoordinatorResponseData();
        if (request.coordinatorKeys().isEmpty()) { // before version 4
            return response.setNodeId(1).setHost(SinkTopology.HOST).setPort(topology.ports()[0]);
        }
        for (String key : request.coordinatorKeys()) {
            response.coordinators()
                    .add(new FindCoordinatorResponseData.Coordinator()
                            .setKey(key)
                            .setNodeId(1)
                            .setHost(SinkTopology.HOST)
                            .setPort(topology.ports()[0]));
        }
        return response;
    }

    private static ApiMessage addPartitions(AddPartitionsToTxnRequestData request) {
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        request.v3AndBelowTopics().forEach(topic -> {
            AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult result =
                    new AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult().setName(topic.name());
            topic.partitions().forEach(partition -> result.resultsByPartition()
                    .add(new AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult()
                            .setPartitionIndex(partition)));
            response.resultsByTopicV3AndBelow().add(result);
        });
        return response;
    }

    private ApiMessage endTxn(EndTxnRequestData request) {
        boolean usedUp = request.producerEpoch() == Short.MAX_VALUE - 1; // the last epoch is the coordinator's
        return new EndTxnResponseData()
                .setProducerId(usedUp ? nextProducerId++ : request.producerId())
                .setProducerEpoch((short) (usedUp ? 0 : request.producerEpoch() + 1));
    }
}
