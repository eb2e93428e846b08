package dev.millrace.autoconfigure;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.DevClusterBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * A real broker for development and tests: with millrace-dev-broker on the class path and nothing that says where the
 * cluster is, one is started with the context and connected to. It stops after the producer, as the producer's connection
 * details depend on it; also when the JVM is told to end, as the context's shutdown hook is the only one that closes it.
 */
@AutoConfiguration(before = ProducerAutoConfiguration.class)
@ConditionalOnClass(DevCluster.class)
@ConditionalOnBooleanProperty(
        name = {"app.producer.enabled", "app.producer.dev-broker.enabled"},
        matchIfMissing = true)
@Conditional(NoBootstrapServersCondition.class)
@ConditionalOnMissingBean(ProducerConnectionDetails.class)
@EnableConfigurationProperties(ProducerProperties.class)
public final class DevBrokerAutoConfiguration {

    private static final Logger LOGGER = LoggerFactory.getLogger(DevBrokerAutoConfiguration.class);

    DevBrokerAutoConfiguration() {}

    /** A bean, so that an application's consumer or admin client finds the broker, too. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    DevCluster producerDevCluster(ProducerProperties properties) {
        DevCluster cluster = builder(properties.getDevBroker().getNodes()).start();
        LOGGER.info(
                "Started a development broker for the producer: bootstrap-servers={} nodes={}; its data is gone when"
                        + " the application stops. Set app.producer.bootstrap-servers to use another cluster, or"
                        + " app.producer.dev-broker.enabled=false to start none",
                cluster.bootstrapServers(),
                cluster.nodes());
        return cluster;
    }

    @Bean
    DevBrokerConnectionDetails devBrokerConnectionDetails(DevCluster cluster) {
        return new DevBrokerConnectionDetails(cluster);
    }

    private static DevClusterBuilder builder(int nodes) {
        try {
            return DevCluster.builder().nodes(nodes).closeWithJvm(false);
        } catch (IllegalArgumentException refusal) {
            throw new InvalidConfigurationPropertyValueException(
                    "app.producer.dev-broker.nodes", nodes, "The development broker says: " + refusal.getMessage());
        }
    }
}
