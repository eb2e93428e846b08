package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AddressRotationTest {

    private static final BrokerAddress KAFKA = new BrokerAddress("kafka", 9092);

    private final AddressRotation rotation = new AddressRotation();

    @Test
    @Tag("row-68")
    void beginsBehindTheAddressThatEndedLast() throws UnknownHostException {
        List<InetAddress> all = List.of(ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.3"));
        assertThat(rotation.order(KAFKA, all)).isEqualTo(all);
        rotation.ended(KAFKA, ip("10.0.0.2"));
        assertThat(rotation.order(KAFKA, all)).containsExactly(ip("10.0.0.3"), ip("10.0.0.1"), ip("10.0.0.2"));
    }

    @Test
    @Tag("row-68")
    void forgetsAnAddressTheNameNoLongerHas() throws UnknownHostException {
        rotation.ended(KAFKA, ip("10.0.0.9"));
        List<InetAddress> all = List.of(ip("10.0.0.1"), ip("10.0.0.2"));
        assertThat(rotation.order(KAFKA, all)).isEqualTo(all);
    }

    @Test
    void staysInTheFamilyOfTheFirstAddress() throws UnknownHostException {
        assertThat(rotation.order(KAFKA, List.of(ip("::1"), ip("10.0.0.1"), ip("::2"))))
                .containsExactly(ip("::1"), ip("::2"));
    }

    private static InetAddress ip(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }
}
