package dev.millrace.autoconfigure;

import dev.millrace.producer.config.Acks;
import dev.millrace.producer.config.Compression;
import dev.millrace.producer.config.DnsLookup;
import dev.millrace.producer.config.MetadataRecovery;
import dev.millrace.producer.config.PartitionerType;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Hands what is set under {@code app.producer} to the engine's builder and nothing else, so that the engine can tell a
 * value of the user's from a default. What the builder cannot take is a violation.
 */
final class PropertySettings {

    static final String CLOSE_TIMEOUT = "app.producer.close-timeout";

    private final ProducerProperties properties;
    private final @Nullable String applicationName;
    private final PropertyMapper map = PropertyMapper.get();

    /** With the application's name, from which the client id is derived if it is not set. */
    PropertySettings(ProducerProperties properties, @Nullable String applicationName) {
        this.properties = properties;
        this.applicationName = applicationName;
    }

    /** Sets everything but the bootstrap servers, which are the connection details'. */
    List<Violation> applyTo(ProducerConfig.Builder builder) {
        List<Violation> violations = new ArrayList<>();
        applyIdentity(builder);
        applyDelivery(builder, violations);
        applyBatching(builder, violations);
        applyConnection(builder, violations);
        applyCompression(builder, violations);
        applyPartitioning(builder, violations);
        applyMetadata(builder, violations);
        map.from(properties.getTransaction()::getTimeout).to(builder::transactionTimeout);
        violations.addAll(transactions().violations());
        checkCloseTimeout(violations);
        violations.addAll(KafkaNamedProperties.applyTo(builder, properties.getProperties()));
        deriveClientId(builder);
        return violations;
    }

    /** What is set about transactions, of which the engine only has a part. */
    PropertyTransactions transactions() {
        return new PropertyTransactions(properties.getTransaction(), applicationName);
    }

    private void applyIdentity(ProducerConfig.Builder builder) {
        if (StringUtils.hasText(properties.getClientId())) {
            builder.clientId(properties.getClientId().trim());
        }
        if (StringUtils.hasText(properties.getClientRack())) {
            builder.clientRack(properties.getClientRack().trim());
        }
    }

    private void deriveClientId(ProducerConfig.Builder builder) {
        if (!builder.isSet(Setting.CLIENT_ID) && StringUtils.hasText(applicationName)) {
            builder.clientId(applicationName.trim() + "-producer");
        }
    }

    private void applyDelivery(ProducerConfig.Builder builder, List<Violation> violations) {
        applyChoice(Setting.ACKS, properties.getAcks(), Acks::parse, builder::acks, violations);
        map.from(properties::getRetries).to(builder::retries);
        map.from(properties::getRetryBackoff).to(builder::retryBackoff);
        map.from(properties::getRetryBackoffMax).to(builder::retryBackoffMax);
        map.from(properties::getDeliveryTimeout).to(builder::deliveryTimeout);
        map.from(properties::getRequestTimeout).to(builder::requestTimeout);
        map.from(properties::getMaxBlock).to(builder::maxBlock);
        map.from(properties::getMaxInFlight).to(builder::maxInFlight);
        map.from(properties::getIdempotence).to(builder::idempotence);
        applySize(Setting.MAX_REQUEST_SIZE, properties.getMaxRequestSize(), builder::maxRequestSize, violations);
    }

    /** For the settings that are one of a few words. */
    private static <E> void applyChoice(
            Setting setting,
            @Nullable String text,
            Function<String, E> choices,
            Consumer<E> target,
            List<Violation> violations) {
        if (!StringUtils.hasText(text)) {
            return;
        }
        try {
            target.accept(choices.apply(text));
        } catch (IllegalArgumentException cause) {
            violations.add(new Violation(setting.springName(), text, String.valueOf(cause.getMessage())));
        }
    }

    private void applyCompression(ProducerConfig.Builder builder, List<Violation> violations) {
        CompressionProperties compression = properties.getCompression();
        applyChoice(Setting.COMPRESSION, compression.getType(), Compression::parse, builder::compression, violations);
        map.from(compression::getGzipLevel).to(builder::compressionGzipLevel);
        map.from(compression::getLz4Level).to(builder::compressionLz4Level);
        map.from(compression::getZstdLevel).to(builder::compressionZstdLevel);
    }

    private void applyPartitioning(ProducerConfig.Builder builder, List<Violation> violations) {
        PartitionerProperties partitioner = properties.getPartitioner();
        applyChoice(
                Setting.PARTITIONER, partitioner.getType(), PartitionerType::parse, builder::partitioner, violations);
        map.from(partitioner::getIgnoreKeys).to(builder::partitionerIgnoreKeys);
        map.from(partitioner::getAdaptive).to(builder::partitionerAdaptive);
        map.from(partitioner::getAvailabilityTimeout).to(builder::partitionerAvailabilityTimeout);
        map.from(partitioner::getRackAware).to(builder::partitionerRackAware);
    }

    private void applyBatching(ProducerConfig.Builder builder, List<Violation> violations) {
        map.from(properties::getLinger).to(builder::linger);
        applySize(Setting.BATCH_SIZE, properties.getBatchSize(), builder::batchSize, violations);
        map.from(properties::getBufferMemory).as(DataSize::toBytes).to(builder::bufferMemory);
    }

    private void applyConnection(ProducerConfig.Builder builder, List<Violation> violations) {
        applyChoice(Setting.DNS_LOOKUP, properties.getDnsLookup(), DnsLookup::parse, builder::dnsLookup, violations);
        map.from(properties::getBootstrapResolveTimeout).to(builder::bootstrapResolveTimeout);
        ConnectionProperties connection = properties.getConnection();
        map.from(connection::getReconnectBackoff).to(builder::connectionReconnectBackoff);
        map.from(connection::getReconnectBackoffMax).to(builder::connectionReconnectBackoffMax);
        map.from(connection::getSetupTimeout).to(builder::connectionSetupTimeout);
        map.from(connection::getSetupTimeoutMax).to(builder::connectionSetupTimeoutMax);
        map.from(connection::getMaxIdle).to(builder::connectionMaxIdle);
        applySize(
                Setting.CONNECTION_SEND_BUFFER, connection.getSendBuffer(), builder::connectionSendBuffer, violations);
        applySize(
                Setting.CONNECTION_RECEIVE_BUFFER,
                connection.getReceiveBuffer(),
                builder::connectionReceiveBuffer,
                violations);
    }

    private void applyMetadata(ProducerConfig.Builder builder, List<Violation> violations) {
        applyChoice(
                Setting.METADATA_RECOVERY,
                properties.getMetadata().getRecoveryStrategy(),
                MetadataRecovery::parse,
                builder::metadataRecovery,
                violations);
        map.from(properties.getMetadata()::getRebootstrapTrigger).to(builder::metadataRebootstrapTrigger);
        map.from(properties.getMetadata()::getMaxAge).to(builder::metadataMaxAge);
        map.from(properties.getMetadata()::getMaxIdle).to(builder::metadataMaxIdle);
        map.from(properties.getTelemetry()::getPush).to(builder::telemetryPush);
    }

    /** For the sizes that the engine counts in an int. */
    private static void applySize(
            Setting setting, @Nullable DataSize size, IntConsumer target, List<Violation> violations) {
        if (size == null) {
            return;
        }
        long bytes = size.toBytes();
        if (bytes == (int) bytes) {
            target.accept((int) bytes);
        } else {
            String reason = "must be at most " + Integer.MAX_VALUE + " B";
            violations.add(new Violation(setting.springName(), bytes + " B", reason));
        }
    }

    private void checkCloseTimeout(List<Violation> violations) {
        Duration closeTimeout = properties.getCloseTimeout();
        if (closeTimeout != null && closeTimeout.isNegative()) {
            violations.add(new Violation(CLOSE_TIMEOUT, closeTimeout.toMillis() + " ms", "must be at least 0 ms"));
        }
    }
}
