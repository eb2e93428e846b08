package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import dev.millrace.producer.serialization.AsyncSerializer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import dev.millrace.testkit.FakeCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application's code outlives the producers which use it: whoever made it closes it. */
@Timeout(60)
class LentPlugInsTest {

    private final List<String> closed = new CopyOnWriteArrayList<>();

    private final Serializer<String> keys = new Serializer<>() {
        @Override
        public byte[] serialize(String topic, String data) {
            return data.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            closed.add("key serializer");
        }
    };

    private final AsyncSerializer<String> values = new AsyncSerializer<>() {
        @Override
        public CompletionStage<byte @Nullable []> serializeAsync(SerializationContext context, String data) {
            return CompletableFuture.supplyAsync(() -> data.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed.add("value serializer");
        }
    };

    private final Partitioner<String, String> partitioner = new Partitioner<>() {
        @Override
        public int partition(RecordView<String, String> record, TopicView topic) {
            return 0;
        }

        @Override
        public void close() {
            closed.add("partitioner");
        }
    };

    private final ProducerInterceptor<String, String> interceptor = new ProducerInterceptor<>() {
        @Override
        public void close() {
            closed.add("interceptor");
        }
    };

    @Test
    void staysOpenWhenProducersAreClosed() {
        try (FakeCluster cluster = FakeCluster.builder().topic("orders", 1).start()) {
            DefaultProducerFactory<String, String> factory = new DefaultProducerFactory<>(
                    ProducerConfig.builder()
                            .bootstrapServers(cluster.bootstrapServers())
                            .build(),
                    keys,
                    values);
            factory.setPartitioner(partitioner);
            factory.setInterceptors(List.of(interceptor));
            factory.setTransactionSettings(TransactionSettings.builder("lent-").build());
            ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
            template.setAllowNonTransactional(true);
            List<String> sent = new ArrayList<>();
            for (String value : List.of("before", "after a restart", "after a reset")) {
                template.send("orders", "k", value).join();
                template.executeInTransaction(operations -> operations.send("orders", "k", value));
                sent.addAll(List.of(value, value));
                if (value.startsWith("before")) {
                    factory.stop();
                    factory.start();
                } else {
                    factory.reset();
                }
            }
            factory.destroy();

            assertThat(cluster.recordCount("orders")).isEqualTo(sent.size());
            assertThat(closed).isEmpty();
        }
    }
}
