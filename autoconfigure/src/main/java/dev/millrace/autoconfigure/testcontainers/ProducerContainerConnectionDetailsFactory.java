package dev.millrace.autoconfigure.testcontainers;

import dev.millrace.autoconfigure.ProducerConnectionDetails;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/**
 * Makes connection details of one kind of container. They start the container when they are first asked, if nobody has yet; they
 * say SSL if the container's field or bean has Boot's annotations for a bundle ({@code @Ssl}, {@code @PemTrustStore} and their
 * neighbours), and else PLAINTEXT.
 *
 * @param <C> the container
 */
abstract class ProducerContainerConnectionDetailsFactory<C extends Container<?>>
        extends ContainerConnectionDetailsFactory<C, ProducerConnectionDetails> {

    ProducerContainerConnectionDetailsFactory() {}

    /** Of a container that runs; {@code host:port}, possibly behind a protocol. */
    abstract String bootstrapServers(C container);

    @Override
    protected final ProducerConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<C> source) {
        return new ProducerContainerConnectionDetails<>(source, this::bootstrapServers);
    }

    /** Boot makes the bean's name of this one, which must be none that another library's details have. */
    private static final class ProducerContainerConnectionDetails<C extends Container<?>>
            extends ContainerConnectionDetails<C> implements ProducerConnectionDetails {

        private final Function<C, String> bootstrapServers;

        private ProducerContainerConnectionDetails(
                ContainerConnectionSource<C> source, Function<C, String> bootstrapServers) {
            super(source);
            this.bootstrapServers = bootstrapServers;
        }

        @Override
        public List<String> getBootstrapServers() {
            String address = bootstrapServers.apply(getContainer());
            return List.of(address.substring(address.indexOf("://") < 0 ? 0 : address.indexOf("://") + 3));
        }

        @Override
        public String getSecurityProtocol() {
            return getSslBundle() == null ? "PLAINTEXT" : "SSL";
        }

        @Override
        public @Nullable SslBundle getSslBundle() {
            return super.getSslBundle();
        }
    }
}
