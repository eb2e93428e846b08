package dev.millrace.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where the producer's cluster is, and how to get in. A bean of this type wins over {@code app.producer.bootstrap-servers} and
 * over what it says about security, and keeps the development broker from being started. It is not asked for a named producer
 * that has bootstrap servers or security of its own.
 */
public interface ProducerConnectionDetails extends ConnectionDetails {

    /** {@code host:port} pairs where the cluster is first looked for. Asked once, when the producer's bean is made. */
    List<String> getBootstrapServers();

    /**
     * PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL; null to leave it to the properties. If it goes without TLS or without SASL, then
     * {@code app.producer.ssl} or {@code app.producer.sasl} has no effect.
     */
    default @Nullable String getSecurityProtocol() {
        return null;
    }

    /** Keys and trusted authorities; null to leave them to {@code app.producer.ssl.bundle}. */
    default @Nullable SslBundle getSslBundle() {
        return null;
    }
}
