package dev.millrace.samples.quickstart.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.samples.quickstart.shop.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@Timeout(10)
class StreamClientTest {
    static final OrderEvent EVENT = new OrderEvent(0, 0, new Order("1", "ada", "lamp", 1, BigDecimal.TEN));

    private final List<StreamClient> gone = new ArrayList<>();

    @Test
    void letsAClientGoThatDoesNotRead() throws Exception {
        StuckEmitter emitter = new StuckEmitter();
        StreamClient client = new StreamClient(emitter, gone::add);
        Thread writer = new Thread(client);
        writer.start();
        emitter.isWriting.await();

        for (int i = 0; i < StreamClient.QUEUE_LENGTH; i++) {
            client.offer(EVENT);
        }
        assertThat(gone).isEmpty();
        client.offer(EVENT);
        assertThat(gone).contains(client);
        writer.join();
    }

    @Test
    void forgetsAClientThatHasLeft() {
        StreamClient client = new StreamClient(new BrokenEmitter(), gone::add);

        client.run();

        assertThat(gone).contains(client);
    }

    /** A client that never takes anything from its connection. */
    private static final class StuckEmitter extends SseEmitter {
        private final CountDownLatch isWriting = new CountDownLatch(1);
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public void send(SseEventBuilder builder) throws IOException {
            isWriting.countDown();
            try {
                assertThat(never.await(1, TimeUnit.MINUTES)).isFalse();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while writing", e);
            }
        }
    }

    private static final class BrokenEmitter extends SseEmitter {
        @Override
        public void send(SseEventBuilder builder) throws IOException {
            throw new IOException("connection reset");
        }
    }
}
