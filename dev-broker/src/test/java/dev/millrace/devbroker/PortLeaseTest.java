package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortLeaseTest {
    @Test
    void leasesEachPortOnceAndOutsideTheRangeOfOutgoingConnections() {
        List<PortLease> leases = Stream.generate(PortLease::anyFree).limit(50).toList();

        assertThat(leases)
                .extracting(PortLease::port)
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= PortLease.LOWEST && port < PortLease.END);
        leases.forEach(PortLease::close);
    }

    @Test
    void aLeasedPortCanBeBound() throws Exception {
        try (PortLease lease = PortLease.anyFree();
                ServerSocket server = new ServerSocket(lease.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.getLocalPort()).isEqualTo(lease.port());
        }
    }

    @Test
    void refusesAChosenPortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> PortLease.of(taken.getLocalPort()))
                    .isInstanceOf(DevClusterException.class)
                    .hasMessageContaining("port in use: 127.0.0.1:" + taken.getLocalPort());
        }
    }
}
