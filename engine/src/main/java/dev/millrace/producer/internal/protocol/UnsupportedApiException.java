package dev.millrace.producer.internal.protocol;

import org.jspecify.annotations.Nullable;

/** This engine and a broker have no version of an API in common. */
public final class UnsupportedApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ApiKey apiKey;
    private final VersionRange spoken;
    private final @Nullable VersionRange offered;

    /**
     * With both ranges.
     *
     * @param spoken what this engine could have used for the call
     * @param offered what the broker has, null if it does not know the API
     */
    public UnsupportedApiException(ApiKey apiKey, VersionRange spoken, @Nullable VersionRange offered) {
        super("no common version: api=" + apiKey + " spoken=" + spoken + " offered="
                + (offered == null ? "none" : offered) + "; " + remedy(apiKey, spoken));
        this.apiKey = apiKey;
        this.spoken = spoken;
        this.offered = offered;
    }

    private static String remedy(ApiKey apiKey, VersionRange spoken) {
        return spoken.min() > apiKey.versions().min()
                ? "no older version can say what is needed here, upgrade the broker"
                : "use brokers from 2.1 on";
    }

    /** The API that was to be called. */
    public ApiKey apiKey() {
        return apiKey;
    }

    /** The versions this engine could have used for the call. */
    public VersionRange spoken() {
        return spoken;
    }

    /** The versions the broker has, null if it does not know the API. */
    public @Nullable VersionRange offered() {
        return offered;
    }
}
