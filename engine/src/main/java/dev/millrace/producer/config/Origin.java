package dev.millrace.producer.config;

/** Where a setting's effective value comes from. */
public enum Origin {
    /** Not set; the documented default. */
    DEFAULT,
    /** Set by the user. */
    USER,
    /** Not set, and the default does not fit what is set; {@link ProducerConfig#describe()} says why. */
    DERIVED
}
