package dev.millrace.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the producer under {@code app.producer}. What is not set is null, or empty for lists, and stays with the
 * engine's default; the engine checks the values.
 */
@ConfigurationProperties("app.producer")
public class ProducerProperties {

    /** Comma-separated list of host:port pairs where the cluster is first looked for. */
    private List<String> bootstrapServers = List.of();

    /** Name that brokers see in logs and quotas. Derived from spring.application.name if that is set. */
    private @Nullable String clientId;

    /** How long the names of all bootstrap servers may be unknown before sends fail. Zero means as long as they may take anyway. */
    private @Nullable Duration bootstrapResolveTimeout;

    /** Rack or zone in which the application runs, as brokers name theirs. */
    private @Nullable String clientRack;

    /** How names of brokers become addresses. */
    private @Nullable String dnsLookup;

    /** Replicas that must have a record before it counts as delivered. */
    private @Nullable String acks;

    /** How often a batch is sent again. */
    private @Nullable Integer retries;

    /** Wait before the first retry. */
    private @Nullable Duration retryBackoff;

    /** Longest wait before a retry. */
    private @Nullable Duration retryBackoffMax;

    /** How long a record may take from send to its result. None fails earlier for want of time. */
    private @Nullable Duration deliveryTimeout;

    /** How long a broker may take for an answer. */
    private @Nullable Duration requestTimeout;

    /** How long a send may wait for buffer space. Zero means not at all. */
    private @Nullable Duration maxBlock;

    /** Requests sent to a broker and not answered. At most 5 with idempotence. */
    private @Nullable Integer maxInFlight;

    /** Whether the broker drops duplicates and keeps the order through retries. */
    private @Nullable Boolean idempotence;

    /** Largest request and largest record. */
    private @Nullable DataSize maxRequestSize;

    /** How long a batch waits for more records. */
    private @Nullable Duration linger;

    /** How large a batch grows while it could be sent. Zero means no batching. */
    private @Nullable DataSize batchSize;

    /** Memory that all records not yet delivered may take together. */
    private @Nullable DataSize bufferMemory;

    /** Serializer of the keys: a built-in one by its name, or a class. A bean named producerKeySerializer is used if this is not set. */
    private @Nullable String keySerializer;

    /**
     * Serializer of the values: a built-in one by its name, or a class. A bean named producerValueSerializer, or the only
     * Serializer bean, is used if this is not set.
     */
    private @Nullable String valueSerializer;

    /** How long the producer may take to deliver what is waiting when the application stops. */
    private @Nullable Duration closeTimeout;

    /** Whether the application waits for an answer of the cluster when it starts, and does not start without. */
    private @Nullable Boolean failFast;

    /** How long the application waits for that answer. */
    private @Nullable Duration startupTimeout;

    @NestedConfigurationProperty
    private final UndeliveredRecordsProperties undeliveredRecords = new UndeliveredRecordsProperties();

    @NestedConfigurationProperty
    private final JsonProperties json = new JsonProperties();

    /** Settings by Kafka's names, for those who bring them along. Not for what has a key of its own that is set. */
    private Map<String, String> properties = new LinkedHashMap<>();

    /** What happens at start if there are keys under app.producer that are not known: warn, fail or ignore. */
    private @Nullable String unknownKeys;

    @NestedConfigurationProperty
    private final CompressionProperties compression = new CompressionProperties();

    @NestedConfigurationProperty
    private final ConnectionProperties connection = new ConnectionProperties();

    @NestedConfigurationProperty
    private final MetadataProperties metadata = new MetadataProperties();

    @NestedConfigurationProperty
    private final PartitionerProperties partitioner = new PartitionerProperties();

    @NestedConfigurationProperty
    private final SecurityProperties security = new SecurityProperties();

    @NestedConfigurationProperty
    private final SslProperties ssl = new SslProperties();

    @NestedConfigurationProperty
    private final SaslProperties sasl = new SaslProperties();

    @NestedConfigurationProperty
    private final TransactionProperties transaction = new TransactionProperties();

    @NestedConfigurationProperty
    private final TemplateProperties template = new TemplateProperties();

    @NestedConfigurationProperty
    private final TelemetryProperties telemetry = new TelemetryProperties();

    @NestedConfigurationProperty
    private final MetricsProperties metrics = new MetricsProperties();

    @NestedConfigurationProperty
    private final HealthProperties health = new HealthProperties();

    @NestedConfigurationProperty
    private final DevBrokerProperties devBroker = new DevBrokerProperties();

    public List<String> getBootstrapServers() {
        return bootstrapServers;
    }

    public void setBootstrapServers(List<String> bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public @Nullable String getClientId() {
        return clientId;
    }

    public void setClientId(@Nullable String clientId) {
        this.clientId = clientId;
    }

    public @Nullable String getAcks() {
        return acks;
    }

    public void setAcks(@Nullable String acks) {
        this.acks = acks;
    }

    public @Nullable Integer getRetries() {
        return retries;
    }

    public void setRetries(@Nullable Integer retries) {
        this.retries = retries;
    }

    public @Nullable Duration getRetryBackoff() {
        return retryBackoff;
    }

    public void setRetryBackoff(@Nullable Duration retryBackoff) {
        this.retryBackoff = retryBackoff;
    }

    public @Nullable Duration getRetryBackoffMax() {
        return retryBackoffMax;
    }

    public void setRetryBackoffMax(@Nullable Duration retryBackoffMax) {
        this.retryBackoffMax = retryBackoffMax;
    }

    public @Nullable Duration getDeliveryTimeout() {
        return deliveryTimeout;
    }

    public void setDeliveryTimeout(@Nullable Duration deliveryTimeout) {
        this.deliveryTimeout = deliveryTimeout;
    }

    public @Nullable Duration getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(@Nullable Duration requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public @Nullable Duration getMaxBlock() {
        return maxBlock;
    }

    public void setMaxBlock(@Nullable Duration maxBlock) {
        this.maxBlock = maxBlock;
    }

    public @Nullable Integer getMaxInFlight() {
        return maxInFlight;
    }

    public void setMaxInFlight(@Nullable Integer maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public @Nullable Boolean getIdempotence() {
        return idempotence;
    }

    public void setIdempotence(@Nullable Boolean idempotence) {
        this.idempotence = idempotence;
    }

    public @Nullable DataSize getMaxRequestSize() {
        return maxRequestSize;
    }

    public void setMaxRequestSize(@Nullable DataSize maxRequestSize) {
        this.maxRequestSize = maxRequestSize;
    }

    public @Nullable Duration getLinger() {
        return linger;
    }

    public void setLinger(@Nullable Duration linger) {
        this.linger = linger;
    }

    public @Nullable DataSize getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(@Nullable DataSize batchSize) {
        this.batchSize = batchSize;
    }

    public @Nullable DataSize getBufferMemory() {
        return bufferMemory;
    }

    public void setBufferMemory(@Nullable DataSize bufferMemory) {
        this.bufferMemory = bufferMemory;
    }

    public @Nullable String getKeySerializer() {
        return keySerializer;
    }

    public void setKeySerializer(@Nullable String keySerializer) {
        this.keySerializer = keySerializer;
    }

    public @Nullable String getValueSerializer() {
        return valueSerializer;
    }

    public void setValueSerializer(@Nullable String valueSerializer) {
        this.valueSerializer = valueSerializer;
    }

    public @Nullable Duration getCloseTimeout() {
        return closeTimeout;
    }

    public void setCloseTimeout(@Nullable Duration closeTimeout) {
        this.closeTimeout = closeTimeout;
    }

    public Map<String, String> getProperties() {
        return properties;
    }

    public void setProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    public @Nullable String getUnknownKeys() {
        return unknownKeys;
    }

    public void setUnknownKeys(@Nullable String unknownKeys) {
        this.unknownKeys = unknownKeys;
    }

    public ConnectionProperties getConnection() {
        return connection;
    }

    public MetadataProperties getMetadata() {
        return metadata;
    }

    public MetricsProperties getMetrics() {
        return metrics;
    }

    public HealthProperties getHealth() {
        return health;
    }

    public TelemetryProperties getTelemetry() {
        return telemetry;
    }

    public PartitionerProperties getPartitioner() {
        return partitioner;
    }

    public SecurityProperties getSecurity() {
        return security;
    }

    public SslProperties getSsl() {
        return ssl;
    }

    public SaslProperties getSasl() {
        return sasl;
    }

    public TransactionProperties getTransaction() {
        return transaction;
    }

    public TemplateProperties getTemplate() {
        return template;
    }

    public DevBrokerProperties getDevBroker() {
        return devBroker;
    }

    public @Nullable Duration getBootstrapResolveTimeout() {
        return bootstrapResolveTimeout;
    }

    public void setBootstrapResolveTimeout(@Nullable Duration bootstrapResolveTimeout) {
        this.bootstrapResolveTimeout = bootstrapResolveTimeout;
    }

    public @Nullable String getClientRack() {
        return clientRack;
    }

    public void setClientRack(@Nullable String clientRack) {
        this.clientRack = clientRack;
    }

    public @Nullable String getDnsLookup() {
        return dnsLookup;
    }

    public void setDnsLookup(@Nullable String dnsLookup) {
        this.dnsLookup = dnsLookup;
    }

    public CompressionProperties getCompression() {
        return compression;
    }

    public @Nullable Boolean getFailFast() {
        return failFast;
    }

    public void setFailFast(@Nullable Boolean failFast) {
        this.failFast = failFast;
    }

    public @Nullable Duration getStartupTimeout() {
        return startupTimeout;
    }

    public void setStartupTimeout(@Nullable Duration startupTimeout) {
        this.startupTimeout = startupTimeout;
    }

    public JsonProperties getJson() {
        return json;
    }

    public UndeliveredRecordsProperties getUndeliveredRecords() {
        return undeliveredRecords;
    }
}
