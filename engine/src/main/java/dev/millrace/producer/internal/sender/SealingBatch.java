package dev.millrace.producer.internal.sender;

import dev.millrace.producer.internal.accumulator.ProducerBatch;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;

/** A batch from its drain until it is stamped: being compressed, perhaps by another thread, or ready to be sent. */
@EventLoopOnly
final class SealingBatch {

    private final ProducerBatch batch;
    private final boolean ready;
    private boolean borrowed;

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

    /** Whether it may be sent. */
    boolean isReady() {
        return ready;
    }

    /** A compression thread reads its memory from now on. */
    void handedOver() {
        borrowed = true;
    }

    /** No other thread reads its memory any more. */
    void cameBack() {
        borrowed = false;
    }

    /** Whether a compression thread reads its memory. */
    boolean isBorrowed() {
        return borrowed;
    }
}
