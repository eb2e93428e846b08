package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ThrottledResponse;
import java.util.concurrent.TimeUnit;

/**
 * When a broker wants to be left alone (KIP-219): older versions delay the response themselves, so that waiting again
 * would double the pause. Pure.
 */
final class ThrottleRules {

    private ThrottleRules() {}

    /** How long to send nothing after this response, 0 for no pause. */
    static long pauseNanos(ApiKey apiKey, short version, Object response) {
        if (version < firstClientSideVersion(apiKey)) {
            return 0;
        }
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, throttleTimeMillis(response)));
    }

    /** No default: a new API must say it. */
    private static int firstClientSideVersion(ApiKey apiKey) {
        return switch (apiKey) {
            case PRODUCE, METADATA -> 6;
            case API_VERSIONS, FIND_COORDINATOR -> 2;
            case INIT_PRODUCER_ID, ADD_PARTITIONS_TO_TXN, ADD_OFFSETS_TO_TXN, TXN_OFFSET_COMMIT, END_TXN -> 1;
            case GET_TELEMETRY_SUBSCRIPTIONS, PUSH_TELEMETRY -> 0;
            case SASL_HANDSHAKE, SASL_AUTHENTICATE -> 0; // their responses have no such field
        };
    }

    private static int throttleTimeMillis(Object response) {
        return response instanceof ThrottledResponse throttled ? throttled.throttleTimeMillis() : 0;
    }
}
