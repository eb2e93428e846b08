package dev.millrace.producer.internal;

import dev.millrace.producer.TopicPartition;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.idempotence.Idempotence;
import dev.millrace.producer.internal.idempotence.PartitionSequences;
import dev.millrace.producer.internal.idempotence.Stamp;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionCommons;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.sender.SenderParts;
import dev.millrace.producer.internal.simulation.SimulationDefaults;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Errors of our own where the sender does not expect any: in the sequences, and where requests are written. The predicate
 * hears the name of each step and says whether it fails.
 */
final class InternalFaults {

    private final Predicate<String> fails;

    InternalFaults(Predicate<String> fails) {
        this.fails = fails;
    }

    /** Parts that fail in their sequences. */
    SenderParts inSequences(Transport network, SenderParts parts) {
        return new SenderParts(
                parts.settings(),
                parts.loop(),
                parts.accumulator(),
                parts.completions(),
                parts.metadata(),
                parts.connections(),
                listener -> new Faulty(parts.idempotence().apply(listener)),
                parts.gate(),
                parts.planner(),
                parts.retryBackoff(),
                parts.compression(),
                parts.observer());
    }

    /** Parts that cannot hand work to compression threads. */
    SenderParts inCompression(Transport network, SenderParts parts) {
        return new SenderParts(
                parts.settings(),
                parts.loop(),
                parts.accumulator(),
                parts.completions(),
                parts.metadata(),
                parts.connections(),
                parts.idempotence(),
                parts.gate(),
                parts.planner(),
                parts.retryBackoff(),
                task -> {
                    step("compress");
                    parts.compression().execute(task);
                },
                parts.observer());
    }

    /** Parts whose connections fail to write. */
    SenderParts inWrites(Transport network, SenderParts parts) {
        return new SenderParts(
                parts.settings(),
                parts.loop(),
                parts.accumulator(),
                parts.completions(),
                parts.metadata(),
                listener -> new BrokerConnections(
                        new FaultyLoop(parts.loop()),
                        new FaultyTransport(network),
                        SimulationDefaults.connectionSettings(),
                        listener,
                        ConnectionCommons.of("[test]"),
                        SimulationDefaults.noJitter()),
                parts.idempotence(),
                parts.gate(),
                parts.planner(),
                parts.retryBackoff(),
                parts.compression(),
                parts.observer());
    }

    private void step(String name) {
        if (fails.test(name)) {
            throw new AssertionError("injected into " + name);
        }
    }

    private final class Faulty implements Idempotence {
        private final Idempotence real;

        Faulty(Idempotence real) {
            this.real = real;
        }

        @Override
        public PartitionSequences newPartition(TopicPartition partition) {
            step("newPartition");
            return new FaultySequences(real.newPartition(partition));
        }

        @Override
        public void prepare() {
            step("prepare");
            real.prepare();
        }

        @Override
        public String problem() {
            return real.problem();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private final class FaultySequences implements PartitionSequences {
        private final PartitionSequences real;

        FaultySequences(PartitionSequences real) {
            this.real = real;
        }

        @Override
        public int maxInFlight() {
            step("maxInFlight");
            return real.maxInFlight();
        }

        @Override
        public boolean isReady() {
            step("isReady");
            return real.isReady();
        }

        @Override
        public Stamp assign(int recordCount) {
            step("assign");
            return real.assign(recordCount);
        }

        @Override
        public void onAcknowledged() {
            step("onAcknowledged");
            real.onAcknowledged();
        }

        @Override
        public void onAbandoned() {
            step("onAbandoned");
            real.onAbandoned();
        }

        @Override
        public boolean hasGap() {
            step("hasGap");
            return real.hasGap();
        }

        @Override
        public boolean mayRestart() {
            step("mayRestart");
            return real.mayRestart();
        }

        @Override
        public void restart() {
            step("restart");
            real.restart();
        }

        @Override
        public void rewind(int sequence) {
            step("rewind");
            real.rewind(sequence);
        }

        @Override
        public void forget() {
            real.forget();
        }
    }

    private final class FaultyLoop implements EventLoop {
        private final EventLoop real;

        FaultyLoop(EventLoop real) {
            this.real = real;
        }

        @Override
        public boolean inEventLoop() {
            return real.inEventLoop();
        }

        @Override
        public long nanos() {
            step("clock");
            return real.nanos();
        }

        @Override
        public void execute(Runnable task) {
            real.execute(task);
        }

        @Override
        public Timer schedule(long delayNanos, Runnable task) {
            return real.schedule(delayNanos, task);
        }

        @Override
        public void addEndListener(Runnable listener) {
            real.addEndListener(listener);
        }

        @Override
        public void removeEndListener(Runnable listener) {
            real.removeEndListener(listener);
        }
    }

    private final class FaultyTransport implements Transport {
        private final Transport real;

        FaultyTransport(Transport real) {
            this.real = real;
        }

        @Override
        public Channel connect(BrokerAddress address, ChannelListener listener) {
            step("connect");
            Channel channel = real.connect(address, listener);
            return new Channel() {
                @Override
                public void write(List<ByteBuffer> frame, Runnable onWritten) {
                    step("write");
                    channel.write(frame, onWritten);
                }

                @Override
                public String waitsFor() {
                    return channel.waitsFor();
                }

                @Override
                public void close() {
                    channel.close();
                }
            };
        }

        @Override
        public boolean isEncrypted() {
            return real.isEncrypted();
        }

        @Override
        public void canonicalNames(String host, Consumer<List<String>> answer) {
            real.canonicalNames(host, answer);
        }
    }
}
