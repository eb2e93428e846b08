package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.millrace.producer.Headers;
import dev.millrace.producer.Producer;
import dev.millrace.producer.UndeliveredRecord;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.errors.FailureDetails;
import dev.millrace.producer.errors.ProducerClosedException;
import dev.millrace.producer.errors.Recovery;
import dev.millrace.producer.errors.Stage;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.observe.ProducerObserver;
import dev.millrace.producer.partitioning.Partitioner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class DefaultProducerFactoryTest {

    private final List<FakeProducer<String, String>> opened = new CopyOnWriteArrayList<>();
    private final DefaultProducerFactory<String, String> factory = aFactory();

    @Test
    void opensNothingBeforeTheFirstUse() {
        factory.start();
        assertThat(factory.isRunning()).isTrue();
        assertThat(opened).isEmpty();

        Producer<String, String> producer = factory.getSharedProducer();

        assertThat(opened).hasSize(1);
        assertThat(factory.getSharedProducer()).isSameAs(producer);
    }

    @Test
    void isUsableBeforeTheContextStartsIt() {
        assertThat(factory.isRunning()).isFalse();

        factory.getSharedProducer();

        assertThat(factory.isRunning()).isTrue();
    }

    @Test
    void startsFirstAndStopsLast() {
        assertThat(factory.getPhase()).isEqualTo(Integer.MIN_VALUE);
        assertThat(factory.isAutoStartup()).isTrue();
        factory.setAutoStartup(false);
        assertThat(factory.isAutoStartup()).isFalse();
    }

    @Test
    void closesWithinTheCloseTimeout() {
        assertThat(factory.getCloseTimeout()).isEqualTo(Duration.ofSeconds(25));
        factory.setCloseTimeout(Duration.ofSeconds(3));
        factory.getSharedProducer();

        factory.stop();

        assertThat(opened.get(0).closes).containsExactly(Duration.ofSeconds(3));
        assertThat(factory.isRunning()).isFalse();
    }

    @Test
    void refusesANegativeCloseTimeout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.setCloseTimeout(Duration.ofMillis(-1)))
                .withMessage("close timeout must not be negative: -1 ms; use 0 to close at once");
    }

    @Test
    void refusesUseOnceStopped() {
        factory.setBeanName("orders");
        factory.getSharedProducer();
        factory.stop();

        assertThatIllegalStateException()
                .isThrownBy(() -> factory.getSharedProducer())
                .withMessage("Producer 'orders' is stopped; start the factory again or send from beans that stop"
                        + " before it");
        assertThat(opened).hasSize(1);
    }

    @Test
    void opensAnotherProducerAfterARestart() {
        Producer<String, String> first = factory.getSharedProducer();
        factory.stop();
        factory.start();

        assertThat(factory.getSharedProducer()).isNotSameAs(first);
        assertThat(opened).hasSize(2);
        assertThat(opened.get(1).closes).isEmpty();
    }

    @Test
    void isDestroyedForGood() {
        factory.getSharedProducer();
        factory.stop();
        factory.destroy();
        factory.destroy();

        assertThat(opened.get(0).closes).hasSize(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> factory.getSharedProducer())
                .withMessageContaining("its application context is closed");
        assertThatIllegalStateException()
                .isThrownBy(factory::start)
                .withMessage("Producer 'producer' cannot become RUNNING: it is DESTROYED; create a new factory");
    }

    @Test
    void destroyClosesWhatAFailedStartLeftOpen() {
        factory.getSharedProducer();

        factory.destroy();

        assertThat(opened.get(0).closes).hasSize(1);
    }

    @Test
    void destroyWithoutAnyUseOpensAndClosesNothing() {
        factory.destroy();

        assertThat(opened).isEmpty();
    }

    @Test
    void opensOneProducerForManyFirstUsers() throws Exception {
        int users = 8;
        ExecutorService threads = Executors.newFixedThreadPool(users);
        CountDownLatch go = new CountDownLatch(1);
        try {
            List<Future<Producer<String, String>>> uses = new ArrayList<>();
            for (int i = 0; i < users; i++) {
                Callable<Producer<String, String>> firstUse = () -> {
                    go.await();
                    return factory.getSharedProducer();
                };
                uses.add(threads.submit(firstUse));
            }
            go.countDown();
            for (Future<Producer<String, String>> use : uses) {
                assertThat(use.get(10, TimeUnit.SECONDS)).isSameAs(opened.get(0));
            }
            assertThat(opened).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesUseWhileItClosesInsteadOfWaiting() {
        factory.getSharedProducer();
        List<String> refusals = new ArrayList<>();
        opened.get(0).duringClose = () -> assertThatIllegalStateException()
                .isThrownBy(() -> factory.getSharedProducer())
                .satisfies(refusal -> refusals.add(String.valueOf(refusal.getMessage())));

        factory.stop();

        assertThat(refusals).hasSize(1);
    }

    @Test
    void mayBeStoppedWhileItStops() {
        factory.getSharedProducer();
        List<Integer> closesSeen = new ArrayList<>();
        opened.get(0).duringClose = () -> {
            if (closesSeen.isEmpty()) {
                closesSeen.add(1);
                factory.destroy();
            }
        };

        factory.stop();

        assertThat(opened.get(0).closes).hasSize(2);
    }

    @Test
    void logsOneLineWithTheCounts() {
        factory.setBeanName("orders");
        factory.getSharedProducer();
        try (CapturedLog log = CapturedLog.of(DefaultProducerFactory.class)) {
            factory.stop();
            factory.destroy();

            assertThat(log.lines()).containsExactly("INFO [producer=orders] closed: submitted=0 delivered=0 failed=0");
        }
    }

    @Test
    void warnsAboutUndeliveredRecordsWithoutTheirContents() {
        factory.setBeanName("orders");
        factory.getSharedProducer();
        opened.get(0).undelivered.addAll(List.of(undelivered(0), undelivered(1), undelivered(-1), undelivered(3)));
        try (CapturedLog log = CapturedLog.of(DefaultProducerFactory.class)) {
            factory.stop();

            assertThat(log.lines())
                    .containsExactly("WARN [producer=orders] closed with undelivered records: undelivered=4"
                            + " (t-0 timestamp=17, t-1 timestamp=17, t-? timestamp=17, …) submitted=0 delivered=-4"
                            + " failed=4 close-timeout=25000 ms; raise app.producer.close-timeout if the brokers were"
                            + " only slow");
        }
    }

    @Test
    void livesWithItsContext() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean("orders", DefaultProducerFactory.class, () -> factory);
            context.refresh();
            assertThat(factory.getName()).isEqualTo("orders");
            assertThat(factory.isRunning()).isTrue();
            factory.getSharedProducer();

            context.stop();
            assertThat(opened.get(0).closes).hasSize(1);
            context.start();
            factory.getSharedProducer();
        }
        assertThat(opened).hasSize(2).allSatisfy(engine -> assertThat(engine.closes)
                .hasSize(1));
    }

    @Test
    void handsItsPlugInsToEveryProducerItOpens() {
        List<ProducerPlugIns<String, String>> given = new ArrayList<>();
        DefaultProducerFactory<String, String> plugged = new DefaultProducerFactory<>(factory.getConfig(), plugIns -> {
            given.add(plugIns);
            return new FakeProducer<>();
        });
        Partitioner<Object, Object> partitioner = (record, topic) -> 0;
        ProducerInterceptor<String, String> interceptor = new ProducerInterceptor<>() {};
        ProducerObserver observer = new ProducerObserver() {};
        Predicate<Thread> rule = Thread::isDaemon;
        plugged.setPartitioner(partitioner);
        plugged.setInterceptors(List.of(interceptor));
        plugged.setObservers(List.of(observer));
        plugged.setNonBlockingThreads(rule);

        plugged.getSharedProducer();
        plugged.stop();
        plugged.start();
        plugged.getSharedProducer();

        assertThat(given)
                .hasSize(2)
                .containsOnly(
                        new ProducerPlugIns<>(partitioner, List.of(interceptor), List.of(observer), rule, List.of()));
    }

    private DefaultProducerFactory<String, String> aFactory() {
        ProducerConfig config =
                ProducerConfig.builder().bootstrapServers("localhost:9092").build();
        return new DefaultProducerFactory<>(config, plugIns -> {
            FakeProducer<String, String> engine = new FakeProducer<>();
            opened.add(engine);
            return engine;
        });
    }

    private static UndeliveredRecord undelivered(int partition) {
        return new UndeliveredRecord(
                "t",
                partition,
                17,
                new byte[] {'k'},
                new byte[] {'v'},
                Headers.empty(),
                new ProducerClosedException("closed", FailureDetails.local(Stage.QUEUE, Recovery.NEW_PRODUCER), null));
    }
}
