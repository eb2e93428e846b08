package dev.millrace.autoconfigure;

import java.util.List;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the producer's cluster is. A bean of this type wins over {@code app.producer.bootstrap-servers} and keeps the
 * development broker from being started.
 */
public interface ProducerConnectionDetails extends ConnectionDetails {

    /** {@code host:port} pairs where the cluster is first looked for. Asked once, when the producer's bean is made. */
    List<String> getBootstrapServers();
}
