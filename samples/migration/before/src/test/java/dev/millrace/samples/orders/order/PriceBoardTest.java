package dev.millrace.samples.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.mock.MockProducerFactory;
import org.springframework.kafka.support.serializer.JacksonJsonSerializer;

class PriceBoardTest {

    private final MockProducer<String, Object> producer =
            new MockProducer<>(false, null, new StringSerializer(), new JacksonJsonSerializer<>());
    private final PriceBoard board = new PriceBoard(template());

    private KafkaTemplate<String, Object> template() {
        KafkaTemplate<String, Object> template = new KafkaTemplate<>(new MockProducerFactory<>(() -> producer));
        template.setDefaultTopic("prices");
        return template;
    }

    @Test
    void tellsWhere() {
        CompletableFuture<String> told = board.change("lamp", 3900);

        assertThat(producer.completeNext()).isTrue();
        assertThat(told).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("lamp is at 0");
        assertThat(producer.history()).singleElement().satisfies(record -> assertThat(record)
                .isEqualTo(new ProducerRecord<>("prices", "lamp", new PriceChanged("lamp", 3900))));
    }

    @Test
    void tellsThatNobodyKnows() {
        CompletableFuture<String> told = board.change("lamp", 3900);

        assertThat(producer.errorNext(new RecordTooLargeException("too large"))).isTrue();
        assertThat(told).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("nobody knows the price of lamp");
    }
}
