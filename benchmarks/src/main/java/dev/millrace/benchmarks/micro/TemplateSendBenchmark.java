package dev.millrace.benchmarks.micro;

import dev.millrace.producer.Producer;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.spring.ProducerFactory;
import dev.millrace.spring.ProducerListener;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.ProducerWatch;
import dev.millrace.spring.SendResult;
import dev.millrace.spring.metrics.ProducerMetrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a template adds to a send of the engine, from the call to the end of its future: the difference to {@link #engine},
 * which is the stand-in alone. A listener hears of each record, as the one does that every application has; with metrics,
 * batches are counted, too.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TemplateSendBenchmark {

    private static final SendCallback CALLBACK = (metadata, failure) -> {};

    private final ProducerRecord<String, String> record = new ProducerRecord<>("orders", "value");
    private final AnsweringEngine engine = new AnsweringEngine(null);
    private final ProducerTemplate<String, String> template = template(engine);
    private final ProducerTemplate<String, String> dispatching = template(engine);
    private final ProducerTemplate<String, String> measured = template(new AnsweringEngine(watch()));

    private final Queue<Runnable> handedOver = new ArrayDeque<>(); // what another thread would run

    /** A template's continuations. */
    public TemplateSendBenchmark() {
        dispatching.setCallbackExecutor(handedOver::add);
        measured.setCallbackExecutor(handedOver::add);
    }

    private static ProducerTemplate<String, String> template(Producer<String, String> engine) {
        ProducerTemplate<String, String> template = new ProducerTemplate<>(new Factory(engine));
        template.setListeners(List.of(new ProducerListener<String, String>() {}));
        return template;
    }

    private static ProducerWatch watch() {
        ProducerMetrics metrics = new ProducerMetrics(Tags.empty(), false, true);
        metrics.bindTo(new SimpleMeterRegistry());
        ProducerWatch watch = metrics.watch(new Factory(new AnsweringEngine(null)), "client", null);
        watch.onOpened(CompletableFuture::new);
        return Objects.requireNonNull(watch);
    }

    /** The stand-in alone, with its interceptor. */
    @Benchmark
    public CompletableFuture<RecordMetadata> engine() {
        return engine.send(record, CALLBACK);
    }

    /** Continuations on the engine's thread. */
    @Benchmark
    public CompletableFuture<SendResult<String, String>> direct() {
        return template.send(record);
    }

    /** Continuations handed to an executor, with what its thread has to do. */
    @Benchmark
    public CompletableFuture<SendResult<String, String>> dispatched() {
        return runHandedOver(dispatching.send(record));
    }

    /** As {@link #dispatched}, with metrics, where each record counts in a timer: what an application with Boot has. */
    @Benchmark
    public CompletableFuture<SendResult<String, String>> withMetrics() {
        return runHandedOver(measured.send(record));
    }

    private <T> CompletableFuture<T> runHandedOver(CompletableFuture<T> sent) {
        for (Runnable worker = handedOver.poll(); worker != null; worker = handedOver.poll()) {
            worker.run();
        }
        return sent;
    }

    private record Factory(Producer<String, String> engine) implements ProducerFactory<String, String> {

        @Override
        public Producer<String, String> getSharedProducer() {
            return engine;
        }

        @Override
        public String getName() {
            return "benchmark";
        }
    }
}
