package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordFollower;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendAllOptions;
import dev.millrace.producer.SendAllResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Where the records of a thread go at a moment: to the shared producer or into a transaction. */
interface SendTarget<K extends @Nullable Object, V extends @Nullable Object> {

    /**
     * Accepts a record.
     *
     * @throws dev.millrace.producer.errors.ProducerException if it cannot
     * @throws ProducerOperationException if it cannot
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord<K, V> record, PendingSend<K, V> pending);

    /** As {@link #send}, or null if there is no buffer space. */
    @Nullable
    CompletableFuture<RecordMetadata> trySend(ProducerRecord<K, V> record, PendingSend<K, V> pending);

    CompletableFuture<Void> whenWritable();

    /** With somebody who has to know of each record, or null. */
    CompletableFuture<SendAllResult> sendAll(
            Iterable<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower);

    /** As above. */
    CompletableFuture<SendAllResult> sendAll(
            Flow.Publisher<? extends ProducerRecord<K, V>> records,
            SendAllOptions options,
            @Nullable RecordFollower<K, V> follower);

    void flush();

    CompletableFuture<Void> flushAsync();
}
