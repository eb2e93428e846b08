package dev.millrace.producer.internal.network;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import java.util.Objects;

/**
 * Which version of ApiVersions to ask with, and what the answer means (KIP-511). Pure.
 *
 * <p>A broker that does not know the version answers UNSUPPORTED_VERSION in the layout of v0, with the range it knows
 * (2.4 and newer) or with an empty list (2.1 to 2.3).
 */
final class VersionNegotiation {

    static final short FIRST_VERSION = ApiKey.API_VERSIONS.versions().max();

    private static final short FALLBACK_VERSION = 0;
    private static final short FIRST_WITH_SOFTWARE = 3; // v1 and v2 have nothing a producer needs
    private static final String SOFTWARE_NAME = "millrace";
    private static final String SOFTWARE_VERSION =
            Objects.requireNonNullElse(VersionNegotiation.class.getPackage().getImplementationVersion(), "development");

    private VersionNegotiation() {}

    static ApiVersionsRequest request() {
        return new ApiVersionsRequest(SOFTWARE_NAME, SOFTWARE_VERSION);
    }

    /** What to do after an answer. */
    enum Verdict {
        DONE,
        ASK_AGAIN,
        REFUSED
    }

    static Verdict judge(ApiVersionsResponse response, short askedVersion) {
        if (response.error() == ErrorCode.NONE) {
            return Verdict.DONE;
        }
        boolean canFallBack = response.error() == ErrorCode.UNSUPPORTED_VERSION && askedVersion != FALLBACK_VERSION;
        return canFallBack ? Verdict.ASK_AGAIN : Verdict.REFUSED;
    }

    /** The version to ask with after {@link Verdict#ASK_AGAIN}; always lower than the one asked with. */
    static short nextVersion(ApiVersionsResponse response, short askedVersion) {
        for (ApiVersionsResponse.ApiVersion api : response.apiVersions()) {
            boolean isLower = api.maxVersion() < askedVersion && api.maxVersion() >= FIRST_WITH_SOFTWARE;
            if (api.apiKey() == ApiKey.API_VERSIONS.id() && isLower) {
                return api.maxVersion();
            }
        }
        return FALLBACK_VERSION;
    }
}
