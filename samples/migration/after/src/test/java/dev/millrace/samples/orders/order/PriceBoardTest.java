package dev.millrace.samples.orders.order;

import static dev.millrace.testkit.assertion.ProducerAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.testkit.FakeCluster;
import dev.millrace.testkit.spring.ProducerTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

@ProducerTest(topics = "prices")
@Import(PriceBoard.class)
class PriceBoardTest {

    private final PriceBoard board;
    private final FakeCluster cluster;

    PriceBoardTest(@Autowired PriceBoard board, @Autowired FakeCluster cluster) {
        this.board = board;
        this.cluster = cluster;
    }

    @Test
    void tellsWhere() {
        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("lamp is at 0");
        assertThat(cluster).topic("prices").hasRecord("lamp", "{\"item\":\"lamp\",\"cents\":3900}");
    }

    @Test
    void tellsThatNobodyKnows() {
        cluster.failNext("prices", 0, ErrorCode.MESSAGE_TOO_LARGE, 1);

        assertThat(board.change("lamp", 3900))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("nobody knows the price of lamp");
    }
}
