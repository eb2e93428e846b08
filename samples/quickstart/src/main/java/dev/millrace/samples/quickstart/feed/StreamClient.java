package dev.millrace.samples.quickstart.feed;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One client. Orders wait in a short queue until its thread has written them; a client whose queue is full is let go and
 * may connect again.
 */
final class StreamClient implements Runnable {
    static final int QUEUE_LENGTH = 256;

    private static final Logger LOGGER = LoggerFactory.getLogger(StreamClient.class);

    /** How soon a client that has left is noticed while nothing is ordered. */
    private static final int HEARTBEAT_SECONDS = 10;

    private final SseEmitter emitter;
    private final Consumer<StreamClient> onEnd;
    private final BlockingQueue<OrderEvent> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private volatile boolean ended;
    private volatile @Nullable Thread writer;

    StreamClient(SseEmitter emitter, Consumer<StreamClient> onEnd) {
        this.emitter = emitter;
        this.onEnd = onEnd;
    }

    /** Keeps the order for the client, or lets the client go; returns at once. */
    void offer(OrderEvent event) {
        if (!queue.offer(event)) {
            LOGGER.info("client reads too slowly and was let go: waiting={} orders", QUEUE_LENGTH);
            end();
        }
    }

    /** Ends the stream, at once unless a write is in progress. */
    void end() {
        ended = true;
        onEnd.accept(this);
        Thread current = writer;
        if (current != null) {
            current.interrupt();
        }
    }

    @Override
    public void run() {
        writer = Thread.currentThread();
        try {
            emitter.send(SseEmitter.event().comment("orders follow"));
            while (!ended) {
                write(queue.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS));
            }
        } catch (IOException | IllegalStateException gone) {
            LOGGER.debug("client has left", gone);
        } catch (InterruptedException e) {
            LOGGER.debug("stream was ended", e);
        } finally {
            writer = null;
            onEnd.accept(this);
            emitter.complete();
        }
    }

    private void write(@Nullable OrderEvent event) throws IOException {
        if (event == null) {
            emitter.send(SseEmitter.event().comment("still here"));
            return;
        }
        emitter.send(SseEmitter.event()
                .name("order")
                .id(event.partition() + "-" + event.offset())
                .data(event, MediaType.APPLICATION_JSON));
    }
}
