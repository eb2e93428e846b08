package dev.millrace.testkit.spring.guide;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.serialization.Serializers;
import dev.millrace.spring.SendFailedException;
import dev.millrace.spring.SendResult;
import dev.millrace.spring.TransactionAbortedException;
import dev.millrace.testkit.recording.RecordingCluster;
import dev.millrace.testkit.spring.RecordingProducerTemplate;
import dev.millrace.testkit.spring.shop.OrderService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // as on the page
class OrderServiceUnitGuideTest {

    RecordingProducerTemplate<String, String> template = new RecordingProducerTemplate<>();
    OrderService orders = new OrderService(template);

    @Test
    void tellsOfAnOrder() {
        orders.place("order-17");

        assertThat(template).topic("orders").singleRecord().hasKey("order-17").hasValue("placed");
    }

    @Test
    void goesOnIfARecordIsLost() {
        template.failNext(ErrorCode.MESSAGE_TOO_LARGE);

        assertThatThrownBy(() -> orders.place("order-17").join()).hasCauseInstanceOf(SendFailedException.class);
    }

    @Test
    void doesNotWait() {
        template.hold();
        CompletableFuture<SendResult<String, String>> placed = orders.place("order-17");

        assertThat(placed).isNotDone();
        template.release();
        assertThat(placed).isCompleted();
    }

    @Test
    void sendsAllOrNothing() {
        RecordingProducerTemplate<String, String> template = RecordingProducerTemplate.transactional();

        template.executeInTransaction(operations -> operations.send("orders", "order-17", "placed"));
        template.failNextCommit(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThatThrownBy(() ->
                        template.executeInTransaction(operations -> operations.send("orders", "order-17", "paid")))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(template).topic("orders").hasRecords(2);
        assertThat(template).committed().topic("orders").hasValues("placed");
    }

    @Test
    void hasPartitions() {
        RecordingCluster<String, String> cluster = RecordingCluster.<String, String>builder()
                .topic("orders", 12)
                .serializers(Serializers.string(), Serializers.string())
                .interceptors(List.of())
                .build();
        OrderService orders = new OrderService(new RecordingProducerTemplate<>(cluster));

        orders.place("order-17");
        orders.place("order-17");

        assertThat(cluster).topic("orders").withKey("order-17").hasValuesInOrder("placed", "placed");
    }
}
