package dev.millrace.autoconfigure.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceListenerTest {

    private static final String IMAGE = "apache/kafka:4.1.0";
    private static final String ADVERTISED = "KAFKA_ADVERTISED_LISTENERS";
    private static final String PROTOCOLS = "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP";

    @ParameterizedTest
    @CsvSource({"9092, 32768", "19092, 19092", "29092, 29092", "9094, 9094"})
    void isBehindAUsualPort(int containerPort, int hostPort) {
        assertThat(listener(Map.of(containerPort, hostPort, 8081, 8081), Map.of()))
                .isEqualTo(new ServiceListener("127.0.0.1:" + hostPort, "PLAINTEXT"));
    }

    @Test
    void isBehindKafkasOwnPortIfSeveralAreMapped() {
        assertThat(listener(Map.of(9092, 1, 29092, 2), Map.of()).address()).isEqualTo("127.0.0.1:1");
    }

    /** A broker sends its clients to what it advertises, so an open port alone leads nowhere. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    PLAINTEXT://broker:9092,HOST://localhost:29092                 | 29092
                    HOST://127.0.0.1:29092 , PLAINTEXT://broker:9092               | 29092
                    PLAINTEXT://broker:9092,HOST://my.machine.example:29092        | 9092
                    PLAINTEXT://broker:19092,HOST://my.machine.example:29092       | 29092
                    PLAINTEXT://broker:19092                                       | 9092
                    no address                                                     | 9092
                    """)
    void isOneThatIsAdvertisedForThisMachine(String advertised, int port) {
        assertThat(listener(Map.of(9092, 9092, 29092, 29092), Map.of(ADVERTISED, advertised))
                        .address())
                .isEqualTo("127.0.0.1:" + port);
    }

    @Test
    void hasTheProtocolTheEnvironmentSays() {
        Map<Integer, Integer> ports = Map.of(29092, 29092, 29093, 29093);
        assertThat(listener(
                                ports,
                                Map.of(ADVERTISED, "HOST://localhost:29093", PROTOCOLS, "A:PLAINTEXT, HOST:SASL_SSL"))
                        .protocol())
                .isEqualTo("SASL_SSL");
        assertThat(listener(ports, Map.of(ADVERTISED, "SSL://localhost:29093")).protocol())
                .isEqualTo("SSL");
        assertThat(listener(ports, Map.of(ADVERTISED, "HOST://localhost:29093")).protocol())
                .isEqualTo("PLAINTEXT");
    }

    @Test
    void readsBitnamisNames() {
        assertThat(listener(
                        Map.of(9092, 9092, 9094, 9094),
                        Map.of(
                                "KAFKA_CFG_ADVERTISED_LISTENERS",
                                "PLAINTEXT://kafka:9092,EXTERNAL://localhost:9094",
                                "KAFKA_CFG_LISTENER_SECURITY_PROTOCOL_MAP",
                                "EXTERNAL:SASL_PLAINTEXT")))
                .isEqualTo(new ServiceListener("127.0.0.1:9094", "SASL_PLAINTEXT"));
    }

    @Test
    void saysWhatIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> listener(Map.of(8080, 8080), Map.of()))
                .withMessageContainingAll(
                        "'broker'",
                        "[9092, 19092, 29092, 9094]",
                        "KAFKA_ADVERTISED_LISTENERS",
                        "[8080]",
                        "org.springframework.boot.ignore");
    }

    private static ServiceListener listener(Map<Integer, Integer> ports, Map<String, @Nullable String> env) {
        return ServiceListener.of(Services.service(IMAGE, ports, env, Map.of()));
    }
}
