package dev.millrace.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;
import org.jspecify.annotations.Nullable;

/** What is observed, and the keys each observation has. */
public enum ProducerObservation implements ObservationDocumentation {

    /** A send, from the call to the outcome. */
    SEND("app.producer.send") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultProducerObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return SendLowCardinalityKey.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return SendHighCardinalityKey.values();
        }
    },

    /** A transaction, from what is sent first in it to its end; sends within are its children. */
    TRANSACTION("app.producer.transaction") {
        @Override
        public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
            return DefaultProducerTransactionObservationConvention.class;
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return TransactionLowCardinalityKey.values();
        }

        @Override
        public KeyName[] getHighCardinalityKeyNames() {
            return TransactionHighCardinalityKey.values();
        }
    },

    /** What an application has chained to the future of a send; a child of that, which has ended by then. */
    CALLBACK("app.producer.callback") {
        @Override
        public String getContextualName() {
            return "callback";
        }

        @Override
        public KeyName[] getLowCardinalityKeyNames() {
            return new KeyName[] {SendLowCardinalityKey.PRODUCER_NAME, SendLowCardinalityKey.DESTINATION_NAME};
        }
    };

    private final String observationName;

    ProducerObservation(String observationName) {
        this.observationName = observationName;
    }

    @Override
    public @Nullable String getName() {
        return observationName;
    }

    /** Keys of {@link #SEND} that have few values. */
    public enum SendLowCardinalityKey implements KeyName {
        /** {@code kafka}. */
        SYSTEM("messaging.system"),
        /** {@code send}. */
        OPERATION_NAME("messaging.operation.name"),
        /** {@code send}. */
        OPERATION_TYPE("messaging.operation.type"),
        /** The topic. */
        DESTINATION_NAME("messaging.destination.name"),
        /** Name of the factory, in a context that of its bean. */
        PRODUCER_NAME("app.producer.name");

        private final String key;

        SendLowCardinalityKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of {@link #SEND} that have many values. */
    public enum SendHighCardinalityKey implements KeyName {
        /** Of a record that was delivered. */
        PARTITION("messaging.destination.partition.id"),
        /** Of a record that was delivered, if the broker told it. */
        OFFSET("messaging.kafka.offset"),
        /** What brokers see in logs and quotas. */
        CLIENT_ID("messaging.client.id"),
        /** {@code true}; of a record without value only. */
        TOMBSTONE("messaging.kafka.message.tombstone"),
        /** Bytes of the serialized value, of a record that was delivered. */
        BODY_SIZE("messaging.message.body.size"),
        /** The record's key as text; only if it is asked for. */
        MESSAGE_KEY("messaging.kafka.message.key");

        private final String key;

        SendHighCardinalityKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of {@link #TRANSACTION} that have few values. */
    public enum TransactionLowCardinalityKey implements KeyName {
        /** {@code kafka}. */
        SYSTEM("messaging.system"),
        /** Name of the factory, in a context that of its bean. */
        PRODUCER_NAME("app.producer.name"),
        /** {@code committed}, {@code aborted}, {@code failed} or {@code unknown}; {@code none} while it is open. */
        OUTCOME("app.producer.transaction.outcome");

        private final String key;

        TransactionLowCardinalityKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }

    /** Keys of {@link #TRANSACTION} that have many values. */
    public enum TransactionHighCardinalityKey implements KeyName {
        /** Whose transaction it was; there is none if no producer was to be had. */
        TRANSACTIONAL_ID("app.producer.transactional.id");

        private final String key;

        TransactionHighCardinalityKey(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
