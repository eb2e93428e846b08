package dev.millrace.devbroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MainOptionsTest {
    @Test
    void readsNodesAndTopics() {
        MainOptions options = MainOptions.parse("--nodes", "3", "--topic", "orders:6", "--topic", "audit:1");

        assertThat(options.cluster().build().nodes()).isEqualTo(3);
        assertThat(options.topics())
                .containsExactly(new MainOptions.Topic("orders", 6), new MainOptions.Topic("audit", 1));
    }

    @Test
    void namesTheOptionThatIsWrong() {
        assertThatThrownBy(() -> MainOptions.parse("--port", "many")).hasMessageContaining("--port many");
        assertThatThrownBy(() -> MainOptions.parse("--topic", "orders")).hasMessageContaining("--topic orders");
        assertThatThrownBy(() -> MainOptions.parse("--nodes")).hasMessageContaining("--nodes");
        assertThatThrownBy(() -> MainOptions.parse("--zookeeper", "x")).hasMessageContaining("--zookeeper");
        assertThatThrownBy(() -> MainOptions.parse("--nodes", "0")).hasMessageContaining("nodes=0");
    }

    @Test
    void addsAListenerForEachKindOfSecurity() {
        MainOptions options =
                MainOptions.parse("--security=sasl-tls", "--security", "tls", "--user", "alice:se:cret=1");

        assertThat(options.clients()).hasSize(2);
    }

    @Test
    void namesTheKindsOfSecurityThereAre() {
        assertThatThrownBy(() -> MainOptions.parse("--security=none"))
                .hasMessageContaining("none")
                .hasMessageContaining("sasl-tls");
    }
}
