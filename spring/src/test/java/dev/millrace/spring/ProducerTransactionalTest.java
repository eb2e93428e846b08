package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
@ExtendWith(NothingLeftBound.class)
class ProducerTransactionalTest {

    @Configuration
    @EnableTransactionManagement(proxyTargetClass = true)
    static class Application {

        @Bean
        FakeTransactions cluster() {
            return new FakeTransactions();
        }

        @Bean
        DefaultProducerFactory<String, String> producerFactory(FakeTransactions cluster) {
            return cluster.factory(FakeTransactions.settings().build());
        }

        @Bean
        ProducerTemplate<String, String> producerTemplate(ProducerFactory<String, String> factory) {
            return new ProducerTemplate<>(factory);
        }

        @Bean
        ProducerTransactionManager producerTransactionManager(ProducerFactory<?, ?> factory) {
            return new ProducerTransactionManager(factory);
        }

        @Bean
        Orders orders(ProducerTemplate<String, String> template) {
            return new Orders(template);
        }
    }

    static class Orders {

        private final ProducerTemplate<String, String> template;

        Orders(ProducerTemplate<String, String> template) {
            this.template = template;
        }

        @ProducerTransactional
        void place(String name) {
            template.send("orders", name);
            if (name.isEmpty()) {
                throw new IllegalArgumentException("no name");
            }
        }

        @ProducerTransactional(noRollbackFor = IllegalArgumentException.class)
        void placeAnyway(String name) {
            template.send("orders", name);
            throw new IllegalArgumentException("no name");
        }

        @Transactional
        void placeWithTheDefault(String name) {
            template.send("orders", name);
        }

        @ProducerTransactional(propagation = Propagation.NEVER)
        boolean isOutside() {
            return !template.inTransaction();
        }
    }

    @Test
    @DisplayName("methods run in transactions, by the composed annotation and by Spring's own")
    void runsMethodsInTransactions() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Application.class)) {
            Orders orders = context.getBean(Orders.class);
            FakeTransactions cluster = context.getBean(FakeTransactions.class);

            orders.place("a");
            orders.placeWithTheDefault("b");
            assertThatThrownBy(() -> orders.place("")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> orders.placeAnyway("c")).isInstanceOf(IllegalArgumentException.class);

            assertThat(orders.isOutside()).isTrue();
            assertThat(cluster.committed()).containsExactly("a", "b", "c");
        }
    }
}
