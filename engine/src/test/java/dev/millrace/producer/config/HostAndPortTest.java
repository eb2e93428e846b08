package dev.millrace.producer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostAndPortTest {

    @ParameterizedTest
    @CsvSource({
        "broker:9092, broker, 9092, broker:9092",
        "' 10.0.0.1:1 ', 10.0.0.1, 1, 10.0.0.1:1",
        "kafka_0.kafka-headless.ns.svc:65535, kafka_0.kafka-headless.ns.svc, 65535, "
                + "kafka_0.kafka-headless.ns.svc:65535",
        "[::1]:9092, ::1, 9092, [::1]:9092",
        "[fe80::1%eth0]:9092, fe80::1%eth0, 9092, [fe80::1%eth0]:9092",
        "[broker]:9092, broker, 9092, broker:9092"
    })
    void readsAndWrites(String entry, String host, int port, String text) {
        assertThat(HostAndPort.parse(entry))
                .isEqualTo(new HostAndPort(host, port))
                .hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker           | the port is missing; write host:port",
                "[::1]            | the port is missing; write host:port",
                "''               | the port is missing; write host:port",
                "broker:          | port '' is not a number; use 1 to 65535",
                "broker:kafka     | port 'kafka' is not a number; use 1 to 65535",
                "broker:123456    | port '123456' is not a number; use 1 to 65535",
                "broker:0         | port 0 is out of range; use 1 to 65535",
                "broker:65536     | port 65536 is out of range; use 1 to 65535",
                ":9092            | host must not be blank; write host:port",
                "[]:9092          | host must not be blank; write host:port",
                "::1:9092         | put an IPv6 address in brackets: [address]:port",
                "[::1:9092        | put an IPv6 address in brackets: [address]:port",
                "bro]ker:9092     | brackets go around an IPv6 address: [address]:port",
                "SSL://broker:9092 | write host:port without a scheme",
                "a b:9092         | a host has no blanks, slashes or @; write host:port"
            })
    void namesTheEntryAndWhatWouldBeRight(String entry, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostAndPort.parse(entry))
                .withMessage("bad entry '" + entry + "': " + reason);
    }
}
