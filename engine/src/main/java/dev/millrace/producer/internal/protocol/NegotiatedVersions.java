package dev.millrace.producer.internal.protocol;

import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Which version of each API to use with one broker. Immutable. Belongs to a connection: after a reconnect the same
 * address may be another broker, and brokers of different versions in one cluster are normal during an upgrade.
 */
public final class NegotiatedVersions {

    private static final String TRANSACTION_VERSION = "transaction.version";

    private final Map<ApiKey, VersionRange> offered;
    private final long finalizedFeaturesEpoch;
    private final Map<String, Short> finalizedFeatures;

    private NegotiatedVersions(
            Map<ApiKey, VersionRange> offered, long finalizedFeaturesEpoch, Map<String, Short> finalizedFeatures) {
        this.offered = offered;
        this.finalizedFeaturesEpoch = finalizedFeaturesEpoch;
        this.finalizedFeatures = finalizedFeatures;
    }

    /**
     * What a broker said of itself. Also of use for an answer with UNSUPPORTED_VERSION, which may name the versions of
     * ApiVersions to try next (KIP-511).
     */
    public static NegotiatedVersions of(ApiVersionsResponse response) {
        Map<ApiKey, VersionRange> offered = new EnumMap<>(ApiKey.class);
        for (ApiVersionsResponse.ApiVersion api : response.apiVersions()) {
            ApiKey known = ApiKey.of(api.apiKey());
            if (known != null) {
                offered.put(known, new VersionRange(api.minVersion(), api.maxVersion()));
            }
        }
        return new NegotiatedVersions(
                offered, response.finalizedFeaturesEpoch(), new HashMap<>(response.finalizedFeatures()));
    }

    /**
     * The highest version both sides speak.
     *
     * @throws UnsupportedApiException if there is none
     */
    public short choose(ApiKey key) {
        return chooseWithin(key, key.versions());
    }

    /**
     * The highest version both sides speak that is not above a limit, for calls in which a newer version would mean
     * something else: Produce has topic ids from v13, and transactions without AddPartitionsToTxn from v12 (KIP-516,
     * KIP-890).
     *
     * @throws UnsupportedApiException if there is none
     */
    public short chooseAtMost(ApiKey key, short limit) {
        VersionRange spoken = key.versions();
        return chooseWithin(key, new VersionRange(spoken.min(), (short) Math.min(spoken.max(), limit)));
    }

    /** The level on which the cluster runs a feature, 0 if it does not (KIP-584). */
    public short finalizedFeatureLevel(String feature) {
        return finalizedFeatures.getOrDefault(feature, (short) 0);
    }

    /**
     * On which level the cluster runs transactions, 0 if it does not say. From 2 on brokers add partitions to a
     * transaction by themselves and each transaction has its own epoch (KIP-890).
     */
    public short transactionVersion() {
        return finalizedFeatureLevel(TRANSACTION_VERSION);
    }

    /**
     * Age of the features this broker knows of, -1 if it does not say. Of two brokers that differ, the one with the
     * higher epoch is right (KIP-584).
     */
    public long finalizedFeaturesEpoch() {
        return finalizedFeaturesEpoch;
    }

    /**
     * The highest version both sides speak that is within limits of the caller's.
     *
     * @param spoken versions this engine speaks, all or some of them
     * @throws UnsupportedApiException if there is none
     */
    public short chooseWithin(ApiKey key, VersionRange spoken) {
        VersionRange theirs = offered.get(key);
        if (theirs == null) {
            throw new UnsupportedApiException(key, spoken, null);
        }
        short highest = (short) Math.min(spoken.max(), theirs.max());
        // 4.x brokers offer Produce from 0 and refuse 0-2 (KAFKA-18659): our own minimum is above that
        if (!spoken.contains(highest) || !theirs.contains(highest)) {
            throw new UnsupportedApiException(key, spoken, theirs);
        }
        return highest;
    }
}
