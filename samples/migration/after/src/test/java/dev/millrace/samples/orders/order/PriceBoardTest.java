package dev.millrace.samples.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.DefaultProducerFactory;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.serialization.JsonSerializer;
import dev.millrace.testkit.FakeCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PriceBoardTest {

    private final FakeCluster cluster = FakeCluster.builder().topic("prices", 1).start();
    private final DefaultProducerFactory<String, Object> factory = new DefaultProducerFactory<>(
            ProducerConfig.builder()
                    .bootstrapServers(cluster.bootstrapServers())
                    .build(),
            Serializers.string(),
            new JsonSerializer<>());
    private final PriceBoard board = new PriceBoard(template());

    private ProducerTemplate<String, Object> template() {
        ProducerTemplate<String, Object> template = new ProducerTemplate<>(factory);
        template.setDefaultTopic("prices");
        return template;
    }

    @AfterEach
    void close() {
        factory.destroy();
        cluster.close();
    }

    @Test
    void tellsWhere() {
        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("lamp is at 0");
        assertThat(cluster.records("prices")).singleElement().satisfies(record -> {
            assertThat(record.keyText()).isEqualTo("lamp");
            assertThat(record.valueText()).isEqualTo("{\"item\":\"lamp\",\"cents\":3900}");
        });
    }

    @Test
    void tellsThatNobodyKnows() {
        cluster.failNext("prices", 0, ErrorCode.MESSAGE_TOO_LARGE, 1);

        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("nobody knows the price of lamp");
    }
}
