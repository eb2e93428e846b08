package dev.millrace.producer.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.Producers;
import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.serialization.Serializers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** The subscriber of {@code sendAll} before the judge of Reactive Streams. */
@Timeout(120)
class SendAllSubscriberTest {

    @Test
    void obeysTheRulesOfReactiveStreams() {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG judge = new TestNG(false);
        judge.setUseDefaultListeners(false);
        judge.setVerbose(0);
        judge.addListener(results);
        judge.setTestClasses(new Class<?>[] {Verification.class});
        judge.run();

        List<String> broken = new ArrayList<>();
        for (ITestResult each : results.getFailedTests()) {
            broken.add(each.getName() + ": " + each.getThrowable());
        }
        assertThat(broken).isEmpty();
        assertThat(results.getConfigurationFailures()).isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(10);
    }

    /** Run by TestNG only. The subscriber is what a real producer hands to a publisher; its cluster is never reached. */
    public static class Verification extends FlowSubscriberBlackboxVerification<ProducerRecord<String, String>> {

        private static final ProducerConfig CONFIG = ProducerConfig.builder()
                .bootstrapServers("127.0.0.1:1")
                .clientId("reactive")
                .build();

        private final List<Producer<String, String>> open = new ArrayList<>();

        /** With the kit's own limits of time. */
        public Verification() {
            super(new TestEnvironment(200, 200));
        }

        @Override
        public Flow.Subscriber<ProducerRecord<String, String>> createFlowSubscriber() {
            Producer<String, String> producer = Producers.open(CONFIG, Serializers.string(), Serializers.string());
            open.add(producer);
            AtomicReference<Flow.Subscriber<? super ProducerRecord<String, String>>> subscriber =
                    new AtomicReference<>();
            Flow.Publisher<ProducerRecord<String, String>> publisher = subscriber::set;
            assertThat(producer.sendAll(publisher)).isNotDone();
            return forRecords(Objects.requireNonNull(subscriber.get()));
        }

        @SuppressWarnings("unchecked") // it takes records
        private static Flow.Subscriber<ProducerRecord<String, String>> forRecords(
                Flow.Subscriber<? super ProducerRecord<String, String>> subscriber) {
            return (Flow.Subscriber<ProducerRecord<String, String>>) subscriber;
        }

        @Override
        public ProducerRecord<String, String> createElement(int element) {
            return new ProducerRecord<>("orders", "value " + element);
        }

        /** Closes what a test opened. */
        @org.testng.annotations.AfterMethod
        public void closeProducers() {
            open.forEach(producer -> producer.close(Duration.ZERO));
            open.clear();
        }
    }
}
