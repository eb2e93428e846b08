package dev.millrace.samples.quickstart.feed;

import dev.millrace.samples.quickstart.shop.Order;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads orders on a thread of its own from start to stop, and hands them to {@link OrderStreams}. */
@Component
@Profile("!try-it")
class OrderFeed implements SmartLifecycle {
    private static final Logger LOGGER = LoggerFactory.getLogger(OrderFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final OrderConsumers consumers;
    private final OrderStreams streams;
    private final JsonMapper json;
    private final String topic;

    /** Null before the start and after the stop; guarded by this object. */
    private @Nullable Reader reader;

    OrderFeed(
            OrderConsumers consumers,
            OrderStreams streams,
            JsonMapper json,
            @Value("${quickstart.topic}") String topic) {
        this.consumers = consumers;
        this.streams = streams;
        this.json = json;
        this.topic = topic;
    }

    @Override
    public synchronized void start() {
        // A group of its own: every instance of the shop shows all orders.
        Reader started = new Reader(consumers.open("quickstart-" + UUID.randomUUID()));
        started.start();
        reader = started;
    }

    @Override
    public synchronized void stop() {
        Reader stopping = reader;
        reader = null;
        if (stopping != null) {
            stopping.end();
        }
        // Streams have no end of their own; the web server would wait for them.
        streams.closeAll();
    }

    @Override
    public synchronized boolean isRunning() {
        return reader != null;
    }

    private void publish(ConsumerRecord<String, byte[]> record) {
        try {
            Order order = json.readValue(record.value(), Order.class);
            streams.publish(new OrderEvent(record.partition(), record.offset(), order));
        } catch (JacksonException e) {
            LOGGER.warn(
                    "record is no order, skipped: topic={} partition={} offset={}; find out who else writes to the"
                            + " topic",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e);
        }
    }

    /** The thread that owns the consumer; only {@code wakeup} is called by another one. */
    private final class Reader extends Thread {
        private final KafkaConsumer<String, byte[]> consumer;
        private volatile boolean ending;

        Reader(KafkaConsumer<String, byte[]> consumer) {
            super("order-feed");
            setDaemon(true);
            this.consumer = consumer;
        }

        @Override
        public void run() {
            try (consumer) {
                consumer.subscribe(List.of(topic));
                while (!ending) {
                    consumer.poll(POLL).forEach(OrderFeed.this::publish);
                }
            } catch (WakeupException e) {
                LOGGER.debug("order feed was woken to end", e);
            } catch (KafkaException e) {
                LOGGER.error("order feed ended: streams stay silent until the shop is restarted", e);
            }
        }

        void end() {
            ending = true;
            consumer.wakeup();
            try {
                join(STOP_TIMEOUT.toMillis());
            } catch (InterruptedException e) {
                currentThread().interrupt();
            }
            if (isAlive()) {
                LOGGER.warn(
                        "order feed has not ended: timeout={} ms; its thread ends with the JVM",
                        STOP_TIMEOUT.toMillis());
            }
        }
    }
}
