package dev.millrace.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.millrace.devbroker.DevCluster;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerTransactionManager;
import dev.millrace.spring.ProducerTransactional;
import dev.millrace.spring.TransactionRequiredForSendException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** {@code @Transactional} in an application that has a development broker, with and without a database. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TransactionalApplicationIT {

    private static final String TOPIC = "orders";
    private static final String[] PROPERTIES = {
        "app.producer.transaction.id-prefix=orders-",
        "app.producer.transaction.instance-id=test",
        "app.producer.client-id=test",
        "spring.jpa.hibernate.ddl-auto=none"
    };

    @Test
    void sendsInTransactionsWithoutADatabase() {
        try (ConfigurableApplicationContext context = run(WithoutDatabase.class)) {
            Shop shop = context.getBean(Shop.class);
            assertThat(context.getBean(PlatformTransactionManager.class))
                    .isInstanceOf(ProducerTransactionManager.class);

            shop.placeTwo("first");
            assertThatIllegalArgumentException().isThrownBy(() -> shop.placeTwoAndFail("second"));
            shop.placeTwo("third");

            assertThatExceptionOfType(TransactionRequiredForSendException.class)
                    .isThrownBy(() -> shop.placeWithoutTransaction("fourth"));
            assertThat(committed(context)).containsExactly("first-1", "first-2", "third-1", "third-2");
        }
    }

    @Test
    void joinsTheTransactionsOfADatabase() {
        try (ConfigurableApplicationContext context = run(WithEverything.class)) {
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            jdbc.execute("create table placed (id varchar(20))");
            StoringShop shop = context.getBean(StoringShop.class);
            assertThat(context.getBean(PlatformTransactionManager.class)).isInstanceOf(JpaTransactionManager.class);

            shop.place("first");
            assertThatIllegalArgumentException().isThrownBy(() -> shop.placeAndFail("second"));
            assertThatIllegalArgumentException().isThrownBy(() -> shop.announceAndFail("third", "announced"));

            assertThat(jdbc.queryForList("select id from placed", String.class)).containsExactly("first");
            assertThat(committed(context)).containsExactly("first-1", "first-2", "announced-1", "announced-2");
        }
    }

    private static ConfigurableApplicationContext run(Class<?> application) {
        SpringApplication spring = new SpringApplication(application);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setRegisterShutdownHook(false);
        ConfigurableApplicationContext context =
                spring.run(Stream.of(PROPERTIES).map("--"::concat).toArray(String[]::new));
        context.getBean(DevCluster.class).createTopic(TOPIC, 1, 1, Map.of());
        return context;
    }

    /** Everything in the topic that is not part of an aborted transaction, when no transaction is open. */
    private static List<String> committed(ConfigurableApplicationContext context) {
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        List<String> read = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        context.getBean(DevCluster.class).bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Instant deadline = Instant.now().plusSeconds(60);
            long end = end(consumer, partition);
            while (consumer.position(partition) < end && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> read.add(record.value()));
                end = end(consumer, partition);
            }
        }
        return read;
    }

    private static long end(KafkaConsumer<String, String> consumer, TopicPartition partition) {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    /** As Boot finds them, but without a database, which is on this module's class path. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DevBrokerAutoConfiguration.class,
        ProducerAutoConfiguration.class,
        ProducerTransactionAutoConfiguration.class,
        TransactionAutoConfiguration.class
    })
    @Import(Shop.class)
    static class WithoutDatabase {}

    /** Whatever the class path has: JDBC, JPA and jOOQ over H2. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Shop.class, StoringShop.class})
    static class WithEverything {}

    /** Sends two records for each order. */
    static class Shop {

        private final ProducerTemplate<String, String> template;

        Shop(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @Transactional
        public void placeTwo(String id) {
            sendTwo(id);
        }

        @Transactional
        public void placeTwoAndFail(String id) {
            sendTwo(id);
            throw new IllegalArgumentException(id);
        }

        @ProducerTransactional
        public void announce(String id) {
            sendTwo(id);
        }

        public void placeWithoutTransaction(String id) {
            sendTwo(id);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a send that fails fails the transaction
        private void sendTwo(String id) {
            template.send(TOPIC, "k", id + "-1");
            template.send(TOPIC, "k", id + "-2");
        }
    }

    /** Stores orders, too. */
    static class StoringShop {

        private final JdbcTemplate jdbc;
        private final Shop shop;

        StoringShop(JdbcTemplate jdbc, Shop shop) {
            this.jdbc = jdbc;
            this.shop = shop;
        }

        @Transactional
        public void place(String id) {
            jdbc.update("insert into placed values (?)", id);
            shop.placeTwo(id);
        }

        @Transactional
        public void placeAndFail(String id) {
            place(id);
            throw new IllegalArgumentException(id);
        }

        /** What is sent in a transaction of the producer's own is not taken back with the database's. */
        @Transactional
        public void announceAndFail(String id, String announcement) {
            jdbc.update("insert into placed values (?)", id);
            shop.announce(announcement);
            throw new IllegalArgumentException(id);
        }
    }
}
