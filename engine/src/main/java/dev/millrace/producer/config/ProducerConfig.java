package dev.millrace.producer.config;

import dev.millrace.producer.errors.ConfigException;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.KerberosCredentialSupplier;
import dev.millrace.producer.security.SaslMechanism;
import dev.millrace.producer.security.TlsSource;
import dev.millrace.producer.security.TokenSupplier;
import dev.millrace.producer.security.UserCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything a producer can be told, checked as a whole. Immutable.
 *
 * <p>No value is corrected: what does not fit is refused. Only a default gives way to what the user set, and {@link
 * #describe()} shows it: the delivery timeout is raised to linger + request timeout, and idempotence is off if acks or
 * retries rule it out.
 */
public final class ProducerConfig {

    private static final AtomicInteger LAST_CLIENT_NUMBER = new AtomicInteger();

    private final SettingValues values;
    private final String clientId;
    private final List<HostAndPort> bootstrapServers;
    private final DeliveryConfig delivery;
    private final BatchingConfig batching;
    private final CompressionConfig compression;
    private final PartitioningConfig partitioning;
    private final NetworkConfig network;
    private final MetadataConfig metadata;
    private final TelemetryConfig telemetry;
    private final TransactionConfig transaction;
    private final SecurityObjects securityObjects;
    private final SecurityConfig security;

    private ProducerConfig(SettingValues values, SecurityObjects securityObjects) {
        this.values = values;
        this.securityObjects = securityObjects;
        clientId = values.isGiven(Setting.CLIENT_ID)
                ? (String) values.value(Setting.CLIENT_ID)
                : "millrace-producer-" + LAST_CLIENT_NUMBER.incrementAndGet();
        bootstrapServers = BootstrapServers.parse(values.texts(Setting.BOOTSTRAP_SERVERS));
        delivery = new DeliveryConfig(
                values.acks(),
                values.integer(Setting.RETRIES),
                values.duration(Setting.RETRY_BACKOFF),
                values.duration(Setting.RETRY_BACKOFF_MAX),
                values.duration(Setting.DELIVERY_TIMEOUT),
                values.duration(Setting.REQUEST_TIMEOUT),
                values.duration(Setting.MAX_BLOCK),
                values.integer(Setting.MAX_IN_FLIGHT),
                values.flag(Setting.IDEMPOTENCE),
                values.integer(Setting.MAX_REQUEST_SIZE));
        batching = new BatchingConfig(
                values.duration(Setting.LINGER),
                values.integer(Setting.BATCH_SIZE),
                values.number(Setting.BUFFER_MEMORY));
        compression = new CompressionConfig(
                values.choice(Setting.COMPRESSION, Compression.class),
                values.integer(Setting.COMPRESSION_GZIP_LEVEL),
                values.integer(Setting.COMPRESSION_LZ4_LEVEL),
                values.integer(Setting.COMPRESSION_ZSTD_LEVEL));
        partitioning = new PartitioningConfig(
                values.choice(Setting.PARTITIONER, PartitionerType.class),
                values.flag(Setting.PARTITIONER_IGNORE_KEYS),
                values.flag(Setting.PARTITIONER_ADAPTIVE),
                values.duration(Setting.PARTITIONER_AVAILABILITY_TIMEOUT),
                values.flag(Setting.PARTITIONER_RACK_AWARE));
        network = new NetworkConfig(
                values.duration(Setting.RECONNECT_BACKOFF),
                values.duration(Setting.RECONNECT_BACKOFF_MAX),
                values.duration(Setting.CONNECTION_SETUP_TIMEOUT),
                values.duration(Setting.CONNECTION_SETUP_TIMEOUT_MAX),
                values.duration(Setting.CONNECTION_MAX_IDLE),
                values.integer(Setting.CONNECTION_SEND_BUFFER),
                values.integer(Setting.CONNECTION_RECEIVE_BUFFER),
                values.choice(Setting.DNS_LOOKUP, DnsLookup.class));
        metadata = new MetadataConfig(
                values.duration(Setting.METADATA_MAX_AGE),
                values.duration(Setting.METADATA_MAX_IDLE),
                values.choice(Setting.METADATA_RECOVERY, MetadataRecovery.class),
                values.duration(Setting.METADATA_REBOOTSTRAP_TRIGGER),
                values.duration(Setting.BOOTSTRAP_RESOLVE_TIMEOUT));
        telemetry = new TelemetryConfig(values.flag(Setting.TELEMETRY_PUSH));
        transaction = new TransactionConfig(
                values.isTransactional() ? values.text(Setting.TRANSACTIONAL_ID) : null,
                values.duration(Setting.TRANSACTION_TIMEOUT));
        security = SecuritySettings.conclude(values, securityObjects);
    }

    /** A builder with nothing set. Only the bootstrap servers have no default. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with what the user set for this configuration; defaults are drawn anew. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.given.putAll(values.given());
        builder.securityObjects = securityObjects.copy();
        return builder;
    }

    /** Where the cluster is first looked for, each address once, in the user's order; never empty. */
    public List<HostAndPort> bootstrapServers() {
        return bootstrapServers;
    }

    /** The name brokers see in logs and quotas; {@code millrace-producer-} and a number of this JVM if not set. */
    public String clientId() {
        return clientId;
    }

    /** The rack or zone this producer runs in, as brokers name theirs; empty if not set. */
    public String clientRack() {
        return (String) values.value(Setting.CLIENT_RACK);
    }

    /** What delivered means, and how long it is tried. */
    public DeliveryConfig delivery() {
        return delivery;
    }

    /** How records become batches. */
    public BatchingConfig batching() {
        return batching;
    }

    /** How batches are compressed. */
    public CompressionConfig compression() {
        return compression;
    }

    /** How a record without partition gets one. */
    public PartitioningConfig partitioning() {
        return partitioning;
    }

    /** Life of the connections. */
    public NetworkConfig network() {
        return network;
    }

    /** How fresh the knowledge about topics and leaders is. */
    public MetadataConfig metadata() {
        return metadata;
    }

    /** What the cluster hears of the producer. */
    public TelemetryConfig telemetry() {
        return telemetry;
    }

    /** Whether records are sent in transactions. */
    public TransactionConfig transaction() {
        return transaction;
    }

    /** What protects the connections, and how the client proves who it is. */
    public SecurityConfig security() {
        return security;
    }

    /** Where the effective value of a setting comes from. */
    public Origin origin(Setting setting) {
        return values.origin(setting);
    }

    /**
     * One line for each setting: its name, effective value and origin, as in {@code app.producer.linger (linger.ms) =
     * 5 ms [default]}. Secrets are masked.
     */
    public String describe() {
        List<String> lines = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String value = setting == Setting.CLIENT_ID ? clientId : values.text(setting);
            lines.add(setting + " = " + value + " [" + originText(setting) + "]");
        }
        return String.join("\n", lines);
    }

    /**
     * The defaults that gave way to what the user set, and settings of the user's that work against each other, one
     * sentence each, worth a warning when a producer starts; empty if there are none.
     */
    public List<String> derivations() {
        List<String> sentences = new ArrayList<>(values.derivations());
        sentences.addAll(TlsSettings.doubts(values, securityObjects));
        return List.copyOf(sentences);
    }

    /** As {@link #describe()}. */
    @Override
    public String toString() {
        return describe();
    }

    private String originText(Setting setting) {
        String origin = origin(setting).name().toLowerCase(Locale.ROOT);
        return origin(setting) == Origin.DERIVED ? origin + ", " + values.reason(setting) : origin;
    }

    /**
     * Collects settings; nothing is checked before {@link #build()}. A later call replaces an earlier one. The
     * components of {@link DeliveryConfig} and its neighbours have the ranges and defaults; no duration may be longer
     * than 36500 days. Not thread-safe.
     */
    public static final class Builder {

        private final Map<Setting, Object> given = new EnumMap<>(Setting.class);
        private SecurityObjects securityObjects = new SecurityObjects();

        private Builder() {}

        /** {@code host:port} or {@code [v6]:port}; an entry may hold several, with commas. Given twice counts once. */
        public Builder bootstrapServers(String... entries) {
            return bootstrapServers(Arrays.asList(entries));
        }

        /** As {@link #bootstrapServers(String...)}. */
        public Builder bootstrapServers(List<String> entries) {
            return set(Setting.BOOTSTRAP_SERVERS, BootstrapServers.split(entries));
        }

        /** The name brokers see in logs and quotas; may be empty. */
        public Builder clientId(String clientId) {
            return set(Setting.CLIENT_ID, clientId);
        }

        /** {@link ProducerConfig#clientRack}. */
        public Builder clientRack(String rack) {
            return set(Setting.CLIENT_RACK, rack);
        }

        /** {@link NetworkConfig#dnsLookup}. */
        public Builder dnsLookup(DnsLookup lookup) {
            return set(Setting.DNS_LOOKUP, lookup);
        }

        /** {@link MetadataConfig#bootstrapResolveTimeout}. */
        public Builder bootstrapResolveTimeout(Duration timeout) {
            return set(Setting.BOOTSTRAP_RESOLVE_TIMEOUT, timeout);
        }

        /** {@link DeliveryConfig#acks}. */
        public Builder acks(Acks acks) {
            return set(Setting.ACKS, acks);
        }

        /** {@link DeliveryConfig#retries}. */
        public Builder retries(int retries) {
            return set(Setting.RETRIES, (long) retries);
        }

        /** {@link DeliveryConfig#retryBackoff}. */
        public Builder retryBackoff(Duration backoff) {
            return set(Setting.RETRY_BACKOFF, backoff);
        }

        /** {@link DeliveryConfig#retryBackoffMax}. */
        public Builder retryBackoffMax(Duration backoff) {
            return set(Setting.RETRY_BACKOFF_MAX, backoff);
        }

        /** {@link DeliveryConfig#deliveryTimeout}. */
        public Builder deliveryTimeout(Duration timeout) {
            return set(Setting.DELIVERY_TIMEOUT, timeout);
        }

        /** {@link DeliveryConfig#requestTimeout}. */
        public Builder requestTimeout(Duration timeout) {
            return set(Setting.REQUEST_TIMEOUT, timeout);
        }

        /** {@link DeliveryConfig#maxBlock}. */
        public Builder maxBlock(Duration limit) {
            return set(Setting.MAX_BLOCK, limit);
        }

        /** {@link DeliveryConfig#maxInFlightRequests}. */
        public Builder maxInFlight(int requests) {
            return set(Setting.MAX_IN_FLIGHT, (long) requests);
        }

        /** {@link DeliveryConfig#idempotence}; set to true it is demanded, not set it gives way to acks and retries. */
        public Builder idempotence(boolean enabled) {
            return set(Setting.IDEMPOTENCE, enabled);
        }

        /** {@link DeliveryConfig#maxRequestSizeBytes}. */
        public Builder maxRequestSize(int bytes) {
            return set(Setting.MAX_REQUEST_SIZE, (long) bytes);
        }

        /**
         * {@link TransactionConfig#id}: makes this the configuration of a transactional producer. No two producers that
         * work at the same time may have the same.
         */
        public Builder transactionalId(String id) {
            return set(Setting.TRANSACTIONAL_ID, id);
        }

        /** {@link TransactionConfig#timeout}. */
        public Builder transactionTimeout(Duration timeout) {
            return set(Setting.TRANSACTION_TIMEOUT, timeout);
        }

        /** {@link BatchingConfig#linger}. */
        public Builder linger(Duration linger) {
            return set(Setting.LINGER, linger);
        }

        /** {@link BatchingConfig#batchSizeBytes}. */
        public Builder batchSize(int bytes) {
            return set(Setting.BATCH_SIZE, (long) bytes);
        }

        /** {@link BatchingConfig#bufferMemoryBytes}. */
        public Builder bufferMemory(long bytes) {
            return set(Setting.BUFFER_MEMORY, bytes);
        }

        /** {@link CompressionConfig#type}. */
        public Builder compression(Compression type) {
            return set(Setting.COMPRESSION, type);
        }

        /** {@link CompressionConfig#gzipLevel}. */
        public Builder compressionGzipLevel(int level) {
            return set(Setting.COMPRESSION_GZIP_LEVEL, (long) level);
        }

        /** {@link CompressionConfig#lz4Level}. */
        public Builder compressionLz4Level(int level) {
            return set(Setting.COMPRESSION_LZ4_LEVEL, (long) level);
        }

        /** {@link CompressionConfig#zstdLevel}. */
        public Builder compressionZstdLevel(int level) {
            return set(Setting.COMPRESSION_ZSTD_LEVEL, (long) level);
        }

        /** {@link PartitioningConfig#type}. */
        public Builder partitioner(PartitionerType type) {
            return set(Setting.PARTITIONER, type);
        }

        /** {@link PartitioningConfig#adaptive}. */
        public Builder partitionerAdaptive(boolean adaptive) {
            return set(Setting.PARTITIONER_ADAPTIVE, adaptive);
        }

        /** {@link PartitioningConfig#availabilityTimeout}. */
        public Builder partitionerAvailabilityTimeout(Duration timeout) {
            return set(Setting.PARTITIONER_AVAILABILITY_TIMEOUT, timeout);
        }

        /** {@link PartitioningConfig#rackAware}; needs {@link #clientRack}. */
        public Builder partitionerRackAware(boolean rackAware) {
            return set(Setting.PARTITIONER_RACK_AWARE, rackAware);
        }

        /** {@link PartitioningConfig#ignoreKeys}. */
        public Builder partitionerIgnoreKeys(boolean ignore) {
            return set(Setting.PARTITIONER_IGNORE_KEYS, ignore);
        }

        /** {@link NetworkConfig#reconnectBackoff}. */
        public Builder connectionReconnectBackoff(Duration backoff) {
            return set(Setting.RECONNECT_BACKOFF, backoff);
        }

        /** {@link NetworkConfig#reconnectBackoffMax}. */
        public Builder connectionReconnectBackoffMax(Duration backoff) {
            return set(Setting.RECONNECT_BACKOFF_MAX, backoff);
        }

        /** {@link NetworkConfig#connectionSetupTimeout}. */
        public Builder connectionSetupTimeout(Duration timeout) {
            return set(Setting.CONNECTION_SETUP_TIMEOUT, timeout);
        }

        /** {@link NetworkConfig#connectionSetupTimeoutMax}. */
        public Builder connectionSetupTimeoutMax(Duration timeout) {
            return set(Setting.CONNECTION_SETUP_TIMEOUT_MAX, timeout);
        }

        /** {@link NetworkConfig#connectionMaxIdle}. */
        public Builder connectionMaxIdle(Duration limit) {
            return set(Setting.CONNECTION_MAX_IDLE, limit);
        }

        /** {@link NetworkConfig#sendBufferBytes}. */
        public Builder connectionSendBuffer(int bytes) {
            return set(Setting.CONNECTION_SEND_BUFFER, (long) bytes);
        }

        /** {@link NetworkConfig#receiveBufferBytes}. */
        public Builder connectionReceiveBuffer(int bytes) {
            return set(Setting.CONNECTION_RECEIVE_BUFFER, (long) bytes);
        }

        /** {@link MetadataConfig#maxAge}. */
        public Builder metadataMaxAge(Duration limit) {
            return set(Setting.METADATA_MAX_AGE, limit);
        }

        /** {@link MetadataConfig#maxIdle}. */
        public Builder metadataMaxIdle(Duration limit) {
            return set(Setting.METADATA_MAX_IDLE, limit);
        }

        /** {@link MetadataConfig#recovery}. */
        public Builder metadataRecovery(MetadataRecovery recovery) {
            return set(Setting.METADATA_RECOVERY, recovery);
        }

        /** {@link MetadataConfig#rebootstrapTrigger}. */
        public Builder metadataRebootstrapTrigger(Duration trigger) {
            return set(Setting.METADATA_REBOOTSTRAP_TRIGGER, trigger);
        }

        /** {@link TelemetryConfig#push}. */
        public Builder telemetryPush(boolean push) {
            return set(Setting.TELEMETRY_PUSH, push);
        }

        /** {@link SecurityConfig#protocol}. */
        public Builder securityProtocol(SecurityProtocol protocol) {
            return set(Setting.SECURITY_PROTOCOL, protocol);
        }

        /** {@link TlsConfig#source}. */
        public Builder tls(TlsSource source) {
            securityObjects.tls = Objects.requireNonNull(source, "source must not be null");
            return this;
        }

        /** {@link TlsConfig#endpointIdentification}. */
        public Builder tlsEndpointIdentification(EndpointIdentification rule) {
            return set(Setting.TLS_ENDPOINT_IDENTIFICATION, rule);
        }

        /** {@link SaslConfig#mechanism}. */
        public Builder saslMechanism(SaslMechanism mechanism) {
            return set(Setting.SASL_MECHANISM, mechanism.wireName());
        }

        /** {@link SaslConfig#credentials} that stay what they are. */
        public Builder saslCredentials(String user, String password) {
            return saslCredentials(CredentialsSupplier.of(UserCredentials.of(user, password)));
        }

        /** {@link SaslConfig#credentials}. */
        public Builder saslCredentials(CredentialsSupplier supplier) {
            securityObjects.credentials = Objects.requireNonNull(supplier, "supplier must not be null");
            return this;
        }

        /** {@link SaslConfig#tokens}. */
        public Builder saslTokens(TokenSupplier supplier) {
            securityObjects.tokens = Objects.requireNonNull(supplier, "supplier must not be null");
            return this;
        }

        /** {@link SaslConfig#kerberos}. */
        public Builder saslKerberos(KerberosCredentialSupplier supplier) {
            securityObjects.kerberos = Objects.requireNonNull(supplier, "supplier must not be null");
            return this;
        }

        /** {@link SaslConfig#kerberosServiceName}. */
        public Builder saslKerberosServiceName(String name) {
            return set(Setting.SASL_KERBEROS_SERVICE_NAME, name);
        }

        /** {@link LoginRefreshConfig#windowFactor}. */
        public Builder saslLoginRefreshWindowFactor(double factor) {
            return set(Setting.SASL_LOGIN_REFRESH_WINDOW_FACTOR, factor);
        }

        /** {@link LoginRefreshConfig#windowJitter}. */
        public Builder saslLoginRefreshWindowJitter(double jitter) {
            return set(Setting.SASL_LOGIN_REFRESH_WINDOW_JITTER, jitter);
        }

        /** {@link LoginRefreshConfig#minPeriod}. */
        public Builder saslLoginRefreshMinPeriod(Duration period) {
            return set(Setting.SASL_LOGIN_REFRESH_MIN_PERIOD, period);
        }

        /** {@link LoginRefreshConfig#buffer}. */
        public Builder saslLoginRefreshBuffer(Duration buffer) {
            return set(Setting.SASL_LOGIN_REFRESH_BUFFER, buffer);
        }

        /**
         * Checks everything.
         *
         * @throws ConfigException with every violation, if there is one
         */
        public ProducerConfig build() {
            return build(List.of(), EnumSet.noneOf(Setting.class));
        }

        /**
         * Checks everything, after text that could not be read has been reported.
         *
         * @param earlier violations already found; they are thrown together with those found here
         * @param unreadable the settings among them
         */
        ProducerConfig build(List<Violation> earlier, Set<Setting> unreadable) {
            SettingValues values = new SettingValues(given);
            List<Violation> violations = new ArrayList<>(earlier);
            violations.addAll(ConfigRules.conclude(values, unreadable));
            TlsSettings.derive(values, securityObjects);
            SaslSettings.derive(values, securityObjects);
            violations.addAll(TlsSettings.violations(values, securityObjects, unreadable));
            violations.addAll(SaslSettings.violations(values, securityObjects, unreadable));
            if (!violations.isEmpty()) {
                throw new ConfigException(violations);
            }
            return new ProducerConfig(values, securityObjects.copy());
        }

        /** Whether the setting has been given a value, be it its default. */
        public boolean isSet(Setting setting) {
            return given.containsKey(setting);
        }

        /** Sets a value of the type its kind has, see {@link Setting#defaultValue}. */
        Builder set(Setting setting, Object value) {
            given.put(setting, Objects.requireNonNull(value, () -> setting + " must not be null"));
            return this;
        }
    }
}
