package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.ThrottledResponse;
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

    private static int firstClientSideVersion(ApiKey apiKey) {
        if (apiKey == ApiKey.PRODUCE || apiKey == ApiKey.METADATA) {
            return 6;
        }
        return apiKey == ApiKey.API_VERSIONS || apiKey == ApiKey.FIND_COORDINATOR ? 2 : 1;
    }

    private static int throttleTimeMillis(Object response) {
        return response instanceof ThrottledResponse throttled ? throttled.throttleTimeMillis() : 0;
    }
}
