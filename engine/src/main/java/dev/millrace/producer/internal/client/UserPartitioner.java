package dev.millrace.producer.internal.client;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.LateChoice;
import dev.millrace.producer.internal.record.SerializedRecord;
import dev.millrace.producer.partitioning.Partitioner;
import dev.millrace.producer.partitioning.RecordView;
import dev.millrace.producer.partitioning.TopicView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Calls the user's partitioner, and makes a failure of what it must not answer. Callers' threads and the delivery executor. */
final class UserPartitioner<K extends @Nullable Object, V extends @Nullable Object> {

    private final Partitioner<? super K, ? super V> partitioner;
    private final AcceptFailures failures;

    UserPartitioner(Partitioner<? super K, ? super V> partitioner, AcceptFailures failures) {
        this.partitioner = partitioner;
        this.failures = failures;
    }

    /**
     * The partition the user's code chooses.
     *
     * @throws ProducerException if it throws, or answers with a partition the topic does not have
     */
    int choose(ProducerRecord<K, V> record, SerializedRecord bytes, TopicView topic) {
        int partition;
        try {
            partition = ask(partitioner, new View<>(record, bytes), topic);
        } catch (Throwable e) {
            throw failures.partitioner(topic.topic(), partitioner, e);
        }
        if (partition < 0 || partition >= topic.partitionCount()) {
            throw failures.partitionOutOfRange(topic.topic(), partitioner, partition, topic.partitionCount());
        }
        return partition;
    }

    /** The choice for a record whose topic is not known yet. */
    Late defer(ProducerRecord<K, V> record) {
        return new Late(record);
    }

    @SuppressWarnings("unchecked") // whoever takes any K and V takes a view of these
    private static <K extends @Nullable Object, V extends @Nullable Object> int ask(
            Partitioner<K, V> partitioner, RecordView<?, ?> record, TopicView topic) {
        return partitioner.partition((RecordView<K, V>) record, topic);
    }

    /** A choice that is made when the topic is known. */
    final class Late implements LateChoice {

        private final ProducerRecord<K, V> record;
        private volatile @Nullable Integer partition; // null until chosen

        private Late(ProducerRecord<K, V> record) {
            this.record = record;
        }

        @Override
        public @Nullable Integer partition() {
            return partition;
        }

        /**
         * Asks the user's code. Delivery executor.
         *
         * @throws ProducerException as {@link UserPartitioner#choose}
         */
        void decide(SerializedRecord bytes, TopicView topic) {
            partition = choose(record, bytes, topic);
        }
    }

    private record View<K extends @Nullable Object, V extends @Nullable Object>(
            ProducerRecord<K, V> record, SerializedRecord bytes) implements RecordView<K, V> {

        @Override
        public String topic() {
            return record.topic();
        }

        @Override
        public @Nullable K key() {
            return record.key();
        }

        @Override
        public @Nullable V value() {
            return record.value();
        }

        @Override
        public @Nullable ByteBuffer keyBytes() {
            return view(bytes.key(), bytes.keyOffset(), bytes.keyLength());
        }

        @Override
        public @Nullable ByteBuffer valueBytes() {
            return view(bytes.value(), bytes.valueOffset(), bytes.valueLength());
        }

        @Override
        public Headers headers() {
            return bytes.headers();
        }

        private static @Nullable ByteBuffer view(byte[] array, int offset, int length) {
            return length == SerializedRecord.NULL_LENGTH
                    ? null
                    : ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
        }
    }
}
