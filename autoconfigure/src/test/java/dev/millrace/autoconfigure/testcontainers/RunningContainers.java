package dev.millrace.autoconfigure.testcontainers;

import org.testcontainers.kafka.ConfluentKafkaContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.redpanda.RedpandaContainer;

/** Containers that need no Docker: their cluster is one that is there already. Like real ones they have no address before they run. */
final class RunningContainers {

    private RunningContainers() {}

    /** What a container does by itself. */
    private static final class State {

        private final String address;
        private boolean running;

        State(String address) {
            this.address = address;
        }

        String address() {
            if (!running) {
                throw new IllegalStateException("the container does not run");
            }
            return address;
        }
    }

    static final class Apache extends KafkaContainer {

        private final State state;

        Apache(String address) {
            super("apache/kafka:4.1.0");
            this.state = new State(address);
        }

        @Override
        public void start() {
            state.running = true;
        }

        @Override
        public void stop() {
            state.running = false;
        }

        @Override
        public boolean isRunning() {
            return state.running;
        }

        @Override
        public String getDockerImageName() {
            return "apache/kafka:4.1.0";
        }

        @Override
        public String getBootstrapServers() {
            return state.address();
        }
    }

    static final class Confluent extends ConfluentKafkaContainer {

        private final State state;

        Confluent(String address) {
            super("confluentinc/cp-kafka:8.0.0");
            this.state = new State(address);
        }

        @Override
        public void start() {
            state.running = true;
        }

        @Override
        public void stop() {
            state.running = false;
        }

        @Override
        public boolean isRunning() {
            return state.running;
        }

        @Override
        public String getBootstrapServers() {
            return state.address();
        }
    }

    static final class Redpanda extends RedpandaContainer {

        private final State state;

        Redpanda(String address) {
            super("redpandadata/redpanda:v25.1.1");
            this.state = new State(address);
        }

        @Override
        public void start() {
            state.running = true;
        }

        @Override
        public void stop() {
            state.running = false;
        }

        @Override
        public boolean isRunning() {
            return state.running;
        }

        /** With a protocol, as the real one has it. */
        @Override
        public String getBootstrapServers() {
            return "PLAINTEXT://" + state.address();
        }
    }
}
