package dev.millrace.testkit;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.message.ApiVersionsRequest;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import dev.millrace.producer.internal.protocol.message.InitProducerIdRequest;
import dev.millrace.producer.internal.protocol.message.InitProducerIdResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers ApiVersions and InitProducerId: who the broker is, and who the producer. Guarded by the cluster's lock. */
final class IdentityService {

    private static final Pattern LEGAL_SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");
    private static final int FIRST_VERSION_WITH_SOFTWARE = 3;
    private static final long FEATURES_EPOCH = 1;
    private static final short FIRST_EPOCH = 0;
    private static final short NO_EPOCH = -1;

    private final OfferedVersions versions;
    private final FaultScript faults;
    private final UnsupportedVersionAnswer unsupportedVersionAnswer;
    private final ProducerIds producerIds;
    private final CoordinatorService coordinators;
    private final short transactionVersion;

    IdentityService(
            OfferedVersions versions,
            FaultScript faults,
            Traits traits,
            ProducerIds producerIds,
            CoordinatorService coordinators) {
        this.versions = versions;
        this.faults = faults;
        this.unsupportedVersionAnswer = traits.unsupportedVersionAnswer();
        this.transactionVersion = traits.transactionVersion();
        this.producerIds = producerIds;
        this.coordinators = coordinators;
    }

    /**
     * What tells the age of a cluster.
     *
     * @param unsupportedVersionAnswer what it lists for an unknown version of ApiVersions
     * @param transactionVersion level of the feature transaction.version (KIP-890)
     */
    record Traits(UnsupportedVersionAnswer unsupportedVersionAnswer, short transactionVersion) {}

    /** What the answer to an ApiVersions request of an unknown version lists (KIP-511). */
    enum UnsupportedVersionAnswer {
        /** ApiVersions itself, as brokers from 2.4 on do. */
        NAMES_API_VERSIONS,
        /** Nothing, as brokers up to 2.3 do. */
        EMPTY
    }

    Answer answer(ReceivedRequest received, @Nullable ApiVersionsRequest request) {
        ApiVersionsResponse response;
        if (request == null) {
            response = response(
                    ErrorCode.UNSUPPORTED_VERSION,
                    unsupportedVersionAnswer == UnsupportedVersionAnswer.EMPTY
                            ? List.of()
                            : List.of(offered(received.node(), Api.API_VERSIONS)));
        } else if (received.version() >= FIRST_VERSION_WITH_SOFTWARE && !isLegal(request)) {
            response = response(ErrorCode.INVALID_REQUEST, List.of());
        } else {
            response = response(
                    ErrorCode.NONE,
                    Arrays.stream(Api.values())
                            .map(api -> offered(received.node(), api))
                            .toList());
        }
        return received.reply(out -> response.write(out, received.version()));
    }

    Answer answer(ReceivedRequest received, InitProducerIdRequest request) {
        ErrorCode scripted = faults.takeProducerIdError(received.node());
        String transactionalId = request.transactionalId();
        if (scripted == ErrorCode.NONE && transactionalId != null) {
            return coordinators.answer(received, request, transactionalId);
        }
        ErrorCode error = scripted == ErrorCode.NONE ? check(request) : scripted;
        InitProducerIdResponse response = error == ErrorCode.NONE
                ? new InitProducerIdResponse(0, error, producerIds.next(), FIRST_EPOCH)
                : new InitProducerIdResponse(0, error, -1, NO_EPOCH);
        return received.reply(out -> response.write(out, received.version()));
    }

    private static ErrorCode check(InitProducerIdRequest request) {
        boolean hasId = request.producerId() >= 0;
        boolean hasEpoch = request.producerEpoch() >= 0;
        return hasId == hasEpoch ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
    }

    private static boolean isLegal(ApiVersionsRequest request) {
        return LEGAL_SOFTWARE.matcher(request.softwareName()).matches()
                && LEGAL_SOFTWARE.matcher(request.softwareVersion()).matches();
    }

    private ApiVersion offered(int node, Api api) {
        return new ApiVersion((short) api.id(), (short) api.minVersion(), (short) versions.highest(node, api));
    }

    private ApiVersionsResponse response(ErrorCode error, List<ApiVersion> apiVersions) {
        Map<String, Short> features = Map.of("transaction.version", transactionVersion);
        return new ApiVersionsResponse(error, apiVersions, 0, FEATURES_EPOCH, features);
    }
}
