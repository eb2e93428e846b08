package dev.millrace.producer;

import static dev.millrace.producer.Clients.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.devbroker.junit.WithDevCluster;
import dev.millrace.producer.config.HostAndPort;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.internal.FaultyLink;
import dev.millrace.producer.internal.FaultyNetwork;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.serialization.Serializers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts with several addresses, of which not all lead to the broker. */
@WithDevCluster
@Timeout(120)
class HostNamesIT {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60); // longer than anything here may take

    @Test
    @Tag("row-67")
    void findsTheOneAddressThatLives(DevCluster cluster) throws Exception {
        List<InetAddress> addresses = List.of(local(2), local(3), local(1));
        try (FaultyNetwork network = new FaultyNetwork(host -> addresses);
                Producer<String, String> producer = open(network, cluster)) {
            RecordMetadata sent = get(producer.send(new ProducerRecord<>(Reference.newTopic(cluster, 1), "value")));
            assertThat(sent.offset()).isZero();
        }
    }

    /** Whatever goes to the address that was lost leads nowhere any more, and would wait for the request timeout. */
    @Test
    @Tag("row-68")
    void comesBackAtAnAddressTheNameHasSince(DevCluster cluster) throws Exception {
        List<InetAddress> addresses = new CopyOnWriteArrayList<>(List.of(local(2)));
        String topic = Reference.newTopic(cluster, 1);
        try (FaultyNetwork network = new FaultyNetwork(host -> List.copyOf(addresses))) {
            FaultyLink old = network.linkAt(local(2), addressOf(cluster));
            try (Producer<String, String> producer = open(network, cluster)) {
                assertThat(get(producer.send(new ProducerRecord<>(topic, "before")))
                                .offset())
                        .isZero();
                int taken = old.taken();
                assertThat(taken).isPositive();

                addresses.add(local(1));
                old.holdAll();
                old.cut();
                assertThat(get(producer.send(new ProducerRecord<>(topic, "after")))
                                .offset())
                        .isEqualTo(1);
                assertThat(old.taken()).isEqualTo(taken);
            }
        }
    }

    private static Producer<String, String> open(FaultyNetwork network, DevCluster cluster) {
        ProducerConfig config = Clients.config(cluster)
                .clientId("names")
                .requestTimeout(REQUEST_TIMEOUT)
                .deliveryTimeout(REQUEST_TIMEOUT.multipliedBy(2))
                .build();
        return network.open(config, Serializers.string(), Serializers.string());
    }

    private static BrokerAddress addressOf(DevCluster cluster) {
        HostAndPort broker = HostAndPort.parse(cluster.bootstrapServers());
        return new BrokerAddress(broker.host(), broker.port());
    }

    private static InetAddress local(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }
}
