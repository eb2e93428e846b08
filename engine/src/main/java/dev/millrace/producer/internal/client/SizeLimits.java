package dev.millrace.producer.internal.client;

import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.internal.accumulator.BufferPool;
import dev.millrace.producer.internal.record.SerializedRecord;
import org.jspecify.annotations.Nullable;

/** How large a record may be. Any thread. */
final class SizeLimits {

    private final ClientSettings settings;
    private final BufferPool pool;
    private final AcceptFailures failures;

    SizeLimits(ClientParts parts, AcceptFailures failures) {
        this.settings = parts.settings();
        this.pool = parts.pool();
        this.failures = failures;
    }

    /** Why the record cannot be taken, null if it can. */
    @Nullable ProducerException check(String topic, SerializedRecord record) {
        long bytes = record.batchUpperBoundBytes();
        if (bytes > settings.maxRequestBytes()) {
            return failures.tooLarge(topic, bytes);
        }
        if (BufferPool.chunksFor(bytes) > pool.limitChunks()) {
            return failures.largerThanBuffer(topic, bytes, pool.usage());
        }
        return null;
    }
}
