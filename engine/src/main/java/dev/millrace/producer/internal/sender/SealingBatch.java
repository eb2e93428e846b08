package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** A batch from its drain until it is stamped: being compressed, perhaps by another thread, or ready to be sent. */
@EventLoopOnly
final class SealingBatch {

    private final ProducerBatch batch;
    private final boolean ready;

    private SealingBatch(ProducerBatch batch, boolean ready) {
        this.batch = batch;
        this.ready = ready;
    }

    /** Its bytes are being worked on. */
    static SealingBatch begun(ProducerBatch batch) {
        return new SealingBatch(batch, false);
    }

    /** Its size is final. */
    static SealingBatch ready(ProducerBatch batch) {
        return new SealingBatch(batch, true);
    }

    ProducerBatch batch() {
        return batch;
    }

    /** Whether it may be sent; otherwise its memory is in use. */
    boolean isReady() {
        return ready;
    }
}
