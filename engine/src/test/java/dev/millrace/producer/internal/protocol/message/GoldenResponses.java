package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiRequest;
import java.util.List;

/** Responses byte for byte as kafka-clients 4.3.1 writes them, without the size of the frame. */
final class GoldenResponses {

    static final ApiRequest<ApiVersionsResponse> API_VERSIONS = new ApiVersionsRequest("", "");
    static final ApiRequest<MetadataResponse> METADATA = new MetadataRequest(null, true);
    static final ApiRequest<InitProducerIdResponse> INIT_PRODUCER_ID =
            new InitProducerIdRequest(null, Integer.MAX_VALUE, -1, (short) -1);
    static final ApiRequest<ProduceResponse> PRODUCE = new ProduceRequest(null, (short) -1, 30_000, List.of());

    static final String API_VERSIONS_V0 = "00000001 0000 00000002 0000 0000 000d 0012 0000 0004";
    static final String API_VERSIONS_V3 = "00000001 0000 03 0000 0000 000d 00 0012 0000 0004 00 00000000 00";
    static final String API_VERSIONS_V4_WITH_FEATURES = "00000001 0000 03 0000 0000 000d 00 0012 0000 0004 00 00000000"
            + "03" // three tagged fields
            + "00 1a 02 14 7472616e73616374696f6e2e76657273696f6e 0000 0002 00" // supported features
            + "01 08 000000000000004d" // finalized features epoch 77
            + "02 1a 02 14 7472616e73616374696f6e2e76657273696f6e 0002 0002 00"; // finalized features
    static final String API_VERSIONS_FALLBACK = "00000001 0023 00000001 0012 0000 0003";

    static final String METADATA_V7 = "00000002 00000000 00000001 00000001 0002 6231 00002384 ffff 0003 636964 00000001"
            + "00000001 0000 0001 74 00"
            + "00000001 0000 00000000 00000001 00000004 00000001 00000001 00000001 00000001 00000000";
    static final String METADATA_V8 = METADATA_V7 + "80000000 80000000";
    static final String METADATA_V9 = "00000002 00 00000000 02 00000001 03 6231 00002384 02 72 00 04 636964 00000001"
            + "02 0000 02 74 00"
            + "02 0000 00000000 00000001 00000004 02 00000001 02 00000001 01 00 80000000 00 80000000 00";
    static final String METADATA_V12 = "00000002 00 00000000 02 00000001 03 6231 00002384 00 00 04 636964 00000001"
            + "02 0000 02 74 0000000000000001 0000000000000002 00"
            + "02 0000 00000000 00000001 00000004 02 00000001 02 00000001 01 00 80000000 00 00";
    static final String METADATA_V13 = "00000002 00 00000000 02 00000001 03 6231 00002384 00 00 04 636964 00000001"
            + "02 0000 02 74 0000000000000001 0000000000000002 00"
            + "02 0000 00000000 00000001 00000004 02 00000001 02 00000001 01 00 80000000 00 0000 00";
    static final String METADATA_V13_REBOOTSTRAP = "00000002 00 00000000 01 00 ffffffff 01 0081 00";

    static final String INIT_PRODUCER_ID_V1 = "00000003 00000000 0000 0000000000000fa0 0000";
    static final String INIT_PRODUCER_ID_V2 = "00000003 00 00000000 0000 0000000000000fa0 0000 00";

    static final String PRODUCE_V7 = "00000007 00000001 0001 74 00000001 00000003 0000 0000000000000064"
            + "ffffffffffffffff 0000000000000000 00000000";
    static final String PRODUCE_V8 = "00000007 00000001 0001 74 00000001 00000003 0000 0000000000000064"
            + "ffffffffffffffff 0000000000000000 00000000 ffff 00000000";
    static final String PRODUCE_V9 = "00000007 00 02 02 74 02 00000003 0000 0000000000000064"
            + "ffffffffffffffff 0000000000000000 01 00 00 00 00000000 00";
    static final String PRODUCE_V13 = "00000007 00 02 0000000000000001 0000000000000002 02 00000003 0000"
            + "0000000000000064 ffffffffffffffff 0000000000000000 01 00 00 00 00000000 00";
    static final String PRODUCE_V8_RECORD_ERRORS = "00000007 00000001 0001 74 00000001 00000003 0057"
            + "ffffffffffffffff ffffffffffffffff ffffffffffffffff"
            + "00000001 00000001 0006 6e6f206b6579 0003 626164 00000000";
    static final String PRODUCE_V9_RECORD_ERRORS = "00000007 00 02 02 74 02 00000003 0057"
            + "ffffffffffffffff ffffffffffffffff ffffffffffffffff"
            + "02 00000001 07 6e6f206b6579 00 04 626164 00 00 00000000 00";
    static final String PRODUCE_V10_NOT_LEADER = "00000007 00 02 02 74 02 00000003 0006"
            + "ffffffffffffffff ffffffffffffffff ffffffffffffffff 01 00"
            + "01 00 09 00000002 00000005 00" // current leader: node 2, epoch 5
            + "00 00000000"
            + "01 00 0e 02 00000002 03 6232 00002385 00 00"; // endpoint of node 2: b2:9093

    /** Every response above. */
    static final List<Golden> ALL = List.of(
            new Golden(API_VERSIONS, 0, API_VERSIONS_V0),
            new Golden(API_VERSIONS, 3, API_VERSIONS_V3),
            new Golden(API_VERSIONS, 4, API_VERSIONS_V4_WITH_FEATURES),
            new Golden(API_VERSIONS, 0, API_VERSIONS_FALLBACK),
            new Golden(API_VERSIONS, 4, API_VERSIONS_FALLBACK),
            new Golden(METADATA, 7, METADATA_V7),
            new Golden(METADATA, 8, METADATA_V8),
            new Golden(METADATA, 9, METADATA_V9),
            new Golden(METADATA, 12, METADATA_V12),
            new Golden(METADATA, 13, METADATA_V13),
            new Golden(METADATA, 13, METADATA_V13_REBOOTSTRAP),
            new Golden(INIT_PRODUCER_ID, 1, INIT_PRODUCER_ID_V1),
            new Golden(INIT_PRODUCER_ID, 2, INIT_PRODUCER_ID_V2),
            new Golden(INIT_PRODUCER_ID, 4, INIT_PRODUCER_ID_V2),
            new Golden(PRODUCE, 7, PRODUCE_V7),
            new Golden(PRODUCE, 8, PRODUCE_V8),
            new Golden(PRODUCE, 9, PRODUCE_V9),
            new Golden(PRODUCE, 10, PRODUCE_V9),
            new Golden(PRODUCE, 13, PRODUCE_V13),
            new Golden(PRODUCE, 8, PRODUCE_V8_RECORD_ERRORS),
            new Golden(PRODUCE, 9, PRODUCE_V9_RECORD_ERRORS),
            new Golden(PRODUCE, 10, PRODUCE_V10_NOT_LEADER));

    private GoldenResponses() {}

    /** A response and the request it answers. */
    record Golden(ApiRequest<?> request, int version, String hex) {}
}
