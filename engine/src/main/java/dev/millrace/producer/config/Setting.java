package dev.millrace.producer.config;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one table of settings: names, kind, default and range of each. */
public enum Setting {
    BOOTSTRAP_SERVERS("bootstrap.servers", "bootstrap-servers", Kind.LIST, List.of(), Range.ANY),
    BOOTSTRAP_RESOLVE_TIMEOUT(
            "bootstrap.resolve.timeout.ms", "bootstrap-resolve-timeout", Kind.DURATION, millis(0), Range.MILLIS),
    CLIENT_ID("client.id", "client-id", Kind.TEXT, "", Range.of(0, Short.MAX_VALUE)),
    CLIENT_RACK("client.rack", "client-rack", Kind.TEXT, "", Range.of(0, Short.MAX_VALUE)),
    DNS_LOOKUP("client.dns.lookup", "dns-lookup", DnsLookup.USE_ALL_DNS_IPS, DnsLookup::parse),

    ACKS("acks", "acks", Acks.ALL, Acks::parse),
    RETRIES("retries", "retries", Kind.INT, (long) Integer.MAX_VALUE, Range.COUNT),
    RETRY_BACKOFF("retry.backoff.ms", "retry-backoff", Kind.DURATION, millis(100), Range.MILLIS),
    RETRY_BACKOFF_MAX("retry.backoff.max.ms", "retry-backoff-max", Kind.DURATION, millis(1_000), Range.MILLIS),
    DELIVERY_TIMEOUT("delivery.timeout.ms", "delivery-timeout", Kind.DURATION, millis(120_000), Range.MILLIS),
    REQUEST_TIMEOUT("request.timeout.ms", "request-timeout", Kind.DURATION, millis(30_000), Range.COUNT),
    MAX_BLOCK("max.block.ms", "max-block", Kind.DURATION, millis(60_000), Range.MILLIS),
    MAX_IN_FLIGHT(
            "max.in.flight.requests.per.connection", "max-in-flight", Kind.INT, 5L, Range.of(1, Integer.MAX_VALUE)),
    IDEMPOTENCE("enable.idempotence", "idempotence", Kind.BOOLEAN, true, Range.ANY),
    MAX_REQUEST_SIZE("max.request.size", "max-request-size", Kind.BYTES, 1L << 20, Range.COUNT),

    TRANSACTIONAL_ID(
            "transactional.id", "transaction.id-prefix", Kind.TEXT, "", Range.of(0, Short.MAX_VALUE)), // "" for none
    TRANSACTION_TIMEOUT(
            "transaction.timeout.ms",
            "transaction.timeout",
            Kind.DURATION,
            millis(60_000),
            Range.of(1, Integer.MAX_VALUE)),

    LINGER("linger.ms", "linger", Kind.DURATION, millis(5), Range.MILLIS),
    BATCH_SIZE("batch.size", "batch-size", Kind.BYTES, 16L << 10, Range.COUNT),
    BUFFER_MEMORY("buffer.memory", "buffer-memory", Kind.BYTES, 32L << 20, Range.of(0, Long.MAX_VALUE)),

    COMPRESSION("compression.type", "compression.type", Compression.NONE, Compression::parse),
    COMPRESSION_GZIP_LEVEL("compression.gzip.level", "compression.gzip-level", Kind.INT, -1L, Range.of(-1, 9)),
    COMPRESSION_LZ4_LEVEL("compression.lz4.level", "compression.lz4-level", Kind.INT, 9L, Range.of(1, 17)),
    COMPRESSION_ZSTD_LEVEL("compression.zstd.level", "compression.zstd-level", Kind.INT, 3L, Range.of(-131_072, 22)),

    PARTITIONER("partitioner.class", "partitioner.type", PartitionerType.DEFAULT, PartitionerType::parse),
    PARTITIONER_IGNORE_KEYS("partitioner.ignore.keys", "partitioner.ignore-keys", Kind.BOOLEAN, false, Range.ANY),
    PARTITIONER_ADAPTIVE(
            "partitioner.adaptive.partitioning.enable", "partitioner.adaptive", Kind.BOOLEAN, true, Range.ANY),
    PARTITIONER_AVAILABILITY_TIMEOUT(
            "partitioner.availability.timeout.ms",
            "partitioner.availability-timeout",
            Kind.DURATION,
            millis(0),
            Range.MILLIS),
    PARTITIONER_RACK_AWARE("partitioner.rack.aware", "partitioner.rack-aware", Kind.BOOLEAN, false, Range.ANY),

    RECONNECT_BACKOFF("reconnect.backoff.ms", "connection.reconnect-backoff", Kind.DURATION, millis(50), Range.MILLIS),
    RECONNECT_BACKOFF_MAX(
            "reconnect.backoff.max.ms", "connection.reconnect-backoff-max", Kind.DURATION, millis(1_000), Range.MILLIS),
    CONNECTION_SETUP_TIMEOUT(
            "socket.connection.setup.timeout.ms",
            "connection.setup-timeout",
            Kind.DURATION,
            millis(10_000),
            Range.MILLIS),
    CONNECTION_SETUP_TIMEOUT_MAX(
            "socket.connection.setup.timeout.max.ms",
            "connection.setup-timeout-max",
            Kind.DURATION,
            millis(30_000),
            Range.MILLIS),
    CONNECTION_MAX_IDLE(
            "connections.max.idle.ms",
            "connection.max-idle",
            Kind.DURATION,
            millis(540_000),
            Range.of(-1, Range.MAX_MILLIS)),
    CONNECTION_SEND_BUFFER(
            "send.buffer.bytes", "connection.send-buffer", Kind.BYTES, 128L << 10, Range.of(-1, Integer.MAX_VALUE)),
    CONNECTION_RECEIVE_BUFFER(
            "receive.buffer.bytes",
            "connection.receive-buffer",
            Kind.BYTES,
            32L << 10,
            Range.of(-1, Integer.MAX_VALUE)),

    METADATA_MAX_AGE("metadata.max.age.ms", "metadata.max-age", Kind.DURATION, millis(300_000), Range.MILLIS),
    METADATA_MAX_IDLE(
            "metadata.max.idle.ms",
            "metadata.max-idle",
            Kind.DURATION,
            millis(300_000),
            Range.of(5_000, Range.MAX_MILLIS)),
    METADATA_RECOVERY(
            "metadata.recovery.strategy",
            "metadata.recovery-strategy",
            MetadataRecovery.REBOOTSTRAP,
            MetadataRecovery::parse),
    METADATA_REBOOTSTRAP_TRIGGER(
            "metadata.recovery.rebootstrap.trigger.ms",
            "metadata.rebootstrap-trigger",
            Kind.DURATION,
            millis(300_000),
            Range.MILLIS),

    TELEMETRY_PUSH("enable.metrics.push", "telemetry.push", Kind.BOOLEAN, true, Range.ANY),

    SECURITY_PROTOCOL("security.protocol", "security.protocol", SecurityProtocol.PLAINTEXT, SecurityProtocol::parse),
    TLS_ENDPOINT_IDENTIFICATION(
            "ssl.endpoint.identification.algorithm",
            "ssl.endpoint-identification",
            EndpointIdentification.HTTPS,
            EndpointIdentification::parse),
    TLS_PROTOCOLS(
            "ssl.enabled.protocols", "ssl.enabled-protocols", Kind.LIST, List.of("TLSv1.2", "TLSv1.3"), Range.ANY),
    TLS_CIPHER_SUITES("ssl.cipher.suites", "ssl.cipher-suites", Kind.LIST, List.of(), Range.ANY), // none for the JVM's
    TLS_KEY_STORE_LOCATION("ssl.keystore.location", "ssl.key-store.location", Kind.TEXT, "", Range.ANY),
    TLS_KEY_STORE_TYPE("ssl.keystore.type", "ssl.key-store.type", Kind.TEXT, "JKS", Range.ANY),
    TLS_KEY_STORE_PASSWORD("ssl.keystore.password", "ssl.key-store.password", Kind.SECRET, "", Range.ANY),
    TLS_KEY_PASSWORD("ssl.key.password", "ssl.key-password", Kind.SECRET, "", Range.ANY),
    TLS_KEY_STORE_KEY("ssl.keystore.key", "ssl.key-store.key", Kind.SECRET, "", Range.ANY),
    TLS_KEY_STORE_CHAIN(
            "ssl.keystore.certificate.chain", "ssl.key-store.certificate-chain", Kind.SECRET, "", Range.ANY),
    TLS_TRUST_STORE_LOCATION("ssl.truststore.location", "ssl.trust-store.location", Kind.TEXT, "", Range.ANY),
    TLS_TRUST_STORE_TYPE("ssl.truststore.type", "ssl.trust-store.type", Kind.TEXT, "JKS", Range.ANY),
    TLS_TRUST_STORE_PASSWORD("ssl.truststore.password", "ssl.trust-store.password", Kind.SECRET, "", Range.ANY),
    TLS_TRUST_STORE_CERTIFICATES(
            "ssl.truststore.certificates", "ssl.trust-store.certificates", Kind.SECRET, "", Range.ANY),
    TLS_KEY_MANAGER_ALGORITHM("ssl.keymanager.algorithm", "ssl.key-manager-algorithm", Kind.TEXT, "SunX509", Range.ANY),
    TLS_TRUST_MANAGER_ALGORITHM(
            "ssl.trustmanager.algorithm", "ssl.trust-manager-algorithm", Kind.TEXT, "PKIX", Range.ANY),

    SASL_MECHANISM("sasl.mechanism", "sasl.mechanism", Kind.TEXT, "", Range.of(0, Short.MAX_VALUE)), // "" for none
    SASL_KERBEROS_SERVICE_NAME(
            "sasl.kerberos.service.name",
            "sasl.kerberos-service-name",
            Kind.TEXT,
            "", // for none
            Range.of(0, Short.MAX_VALUE)),
    SASL_LOGIN_REFRESH_WINDOW_FACTOR(
            "sasl.login.refresh.window.factor",
            "sasl.login-refresh.window-factor",
            Kind.FRACTION,
            0.8,
            Range.of(50, 100)),
    SASL_LOGIN_REFRESH_WINDOW_JITTER(
            "sasl.login.refresh.window.jitter",
            "sasl.login-refresh.window-jitter",
            Kind.FRACTION,
            0.05,
            Range.of(0, 25)),
    SASL_LOGIN_REFRESH_MIN_PERIOD(
            "sasl.login.refresh.min.period.seconds",
            "sasl.login-refresh.min-period",
            Kind.DURATION,
            millis(60_000),
            Range.of(0, 900_000)),
    SASL_LOGIN_REFRESH_BUFFER(
            "sasl.login.refresh.buffer.seconds",
            "sasl.login-refresh.buffer",
            Kind.DURATION,
            millis(300_000),
            Range.of(0, 3_600_000));

    private static final String SPRING_PREFIX = "app.producer.";

    private static final Map<String, Setting> BY_KAFKA_NAME =
            Stream.of(values()).collect(toUnmodifiableMap(Setting::kafkaName, identity()));

    private final String kafkaName;
    private final String springName;
    private final Kind kind;
    private final Object defaultValue;
    private final Range range;
    private final @Nullable Function<String, ? extends Enum<?>> choices; // null unless the kind is CHOICE

    Setting(String kafkaName, String springSuffix, Kind kind, Object defaultValue, Range range) {
        this(kafkaName, springSuffix, kind, defaultValue, range, null);
    }

    <E extends Enum<E>> Setting(String kafkaName, String springSuffix, E defaultValue, Function<String, E> choices) {
        this(kafkaName, springSuffix, Kind.CHOICE, defaultValue, Range.ANY, choices);
    }

    Setting(
            String kafkaName,
            String springSuffix,
            Kind kind,
            Object defaultValue,
            Range range,
            @Nullable Function<String, ? extends Enum<?>> choices) {
        this.kafkaName = kafkaName;
        this.springName = SPRING_PREFIX + springSuffix;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.range = range;
        this.choices = choices;
    }

    /** The setting with this name in Kafka's configuration, such as {@code linger.ms}, or null. */
    public static @Nullable Setting withKafkaName(String name) {
        return BY_KAFKA_NAME.get(name);
    }

    /** The name in Kafka's configuration, such as {@code linger.ms}. */
    public String kafkaName() {
        return kafkaName;
    }

    /** The name in a Spring environment, such as {@code app.producer.linger}. */
    public String springName() {
        return springName;
    }

    /** What its value is. */
    public Kind kind() {
        return kind;
    }

    /** Whether its value is masked wherever it is shown. */
    public boolean isSecret() {
        return kind == Kind.SECRET;
    }

    /** The form used in messages: {@code app.producer.linger (linger.ms)}. */
    @Override
    public String toString() {
        return springName + " (" + kafkaName + ")";
    }

    /**
     * The constant of a setting of kind {@link Kind#CHOICE} that is meant by a text.
     *
     * @throws IllegalArgumentException whose message says what would be right
     */
    Object choice(String text) {
        if (choices == null) {
            throw new IllegalStateException("not a choice: " + this);
        }
        return choices.apply(text);
    }

    /**
     * A {@link Duration}, {@link Long} (bytes, int), {@link Double}, {@link Boolean}, {@link String}, list of texts or enum
     * constant.
     */
    Object defaultValue() {
        return defaultValue;
    }

    /** In milliseconds, bytes, times, hundredths or, for text, bytes of its UTF-8 form. */
    Range range() {
        return range;
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** What a setting's value is. */
    public enum Kind {
        /** A length of time; a plain number is milliseconds, or seconds if Kafka's name says so. */
        DURATION,
        /** A size in bytes. */
        BYTES,
        /** A whole number. */
        INT,
        /** A number with decimals, of which a range has the hundredths. */
        FRACTION,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** Text. */
        TEXT,
        /** Text that is never shown. */
        SECRET,
        /** Several texts; one text is split at commas. */
        LIST,
        /** One of the constants of an enum, such as {@link Acks}. */
        CHOICE
    }

    /**
     * What a value may be.
     *
     * @param min the least value
     * @param max the greatest value
     */
    record Range(long min, long max) {

        /**
         * A hundred years. A deadline is the clock in nanoseconds plus a few such durations and must not overflow; what
         * is longer is a mistake or means "for ever", which this is as well.
         */
        static final long MAX_MILLIS = 36_500L * 24 * 3_600 * 1_000;

        static final Range ANY = new Range(Long.MIN_VALUE, Long.MAX_VALUE);
        static final Range COUNT = new Range(0, Integer.MAX_VALUE);
        static final Range MILLIS = new Range(0, MAX_MILLIS);

        static Range of(long min, long max) {
            return new Range(min, max);
        }
    }
}
