package dev.millrace.producer.internal.protocol.message;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.util.List;

/**
 * FindCoordinator v0-6. Goes to any broker.
 *
 * <p>Versions below 4 ask for one key (KIP-699); version 0 only knows groups. {@link #write} refuses what a version
 * cannot say.
 *
 * @param type what the keys are
 * @param keys group ids or transactional ids, at least one
 */
public record FindCoordinatorRequest(CoordinatorType type, List<String> keys)
        implements ApiRequest<FindCoordinatorResponse> {

    private static final int FIRST_VERSION_WITH_TYPE = 1;
    static final int FIRST_VERSION_WITH_KEYS = 4;
    private static final int MIN_KEY_BYTES = 1;

    @Override
    public ApiKey apiKey() {
        return ApiKey.FIND_COORDINATOR;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the version has no room for the type or for so many keys
     */
    @Override
    public void write(WireWriter out, short version) {
        checkFits(version);
        if (version < FIRST_VERSION_WITH_KEYS) {
            out.writeString(keys.get(0));
        }
        if (version >= FIRST_VERSION_WITH_TYPE) {
            out.writeInt8(type.code());
        }
        if (version >= FIRST_VERSION_WITH_KEYS) {
            out.writeArray(keys, out::writeString);
        }
        out.endStruct();
    }

    private void checkFits(short version) {
        boolean typeFits = version >= FIRST_VERSION_WITH_TYPE || type == CoordinatorType.GROUP;
        boolean keysFit = version >= FIRST_VERSION_WITH_KEYS || keys.size() == 1;
        if (!typeFits || !keysFit) {
            throw new IllegalArgumentException("not to be said in this version: FindCoordinator version=" + version
                    + " type=" + type + " keys=" + keys.size());
        }
    }

    /** Reads what {@link #write} wrote. */
    public static FindCoordinatorRequest read(WireReader in, short version) {
        List<String> keys = version < FIRST_VERSION_WITH_KEYS ? List.of(in.readString()) : List.of();
        CoordinatorType type =
                version >= FIRST_VERSION_WITH_TYPE ? CoordinatorType.of(in.readInt8()) : CoordinatorType.GROUP;
        if (version >= FIRST_VERSION_WITH_KEYS) {
            keys = in.readArray(MIN_KEY_BYTES, in::readString);
        }
        in.endStruct();
        return new FindCoordinatorRequest(type, keys);
    }

    /** {@inheritDoc} Below v4 the response does not repeat the key; it is put in from here. */
    @Override
    public FindCoordinatorResponse readResponse(WireReader in, short version) {
        return version < FIRST_VERSION_WITH_KEYS
                ? FindCoordinatorResponse.readSingle(in, version, keys.get(0))
                : FindCoordinatorResponse.readAll(in);
    }
}
