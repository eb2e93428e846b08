package dev.millrace.spring;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.errors.RecordAbortedException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs records that were not delivered, by their coordinates: keys and values belong in no log unless somebody has asked
 * for them. Records that were left out because the application rolled its transaction back are no failure, and are logged on
 * level debug. When everything fails at once the log gets {@value #MAX_LINES_PER_SECOND} lines a second, and the next line
 * says how many there are not.
 */
public class LoggingProducerListener implements ProducerListener<Object, Object> {

    /** How much of a key and of a value is logged if they are to be. */
    public static final int DEFAULT_MAX_CONTENT_LENGTH = 100;

    static final int MAX_LINES_PER_SECOND = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(LoggingProducerListener.class);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private long secondFromNanos; // guarded by lock, as are the next two
    private int lines;
    private long unlogged;

    private volatile boolean includeContent;
    private volatile int maxContentLength = DEFAULT_MAX_CONTENT_LENGTH;

    /** Without contents. */
    public LoggingProducerListener() {
        this(System::nanoTime);
    }

    /** With another clock. */
    LoggingProducerListener(LongSupplier nanos) {
        this.nanos = nanos;
        this.secondFromNanos = nanos.getAsLong() - SECOND_NANOS;
    }

    /** Sets whether key and value are logged, too. Default: false. */
    public void setIncludeContent(boolean includeContent) {
        this.includeContent = includeContent;
    }

    /**
     * Sets how many characters of a key and of a value are logged if they are.
     *
     * @throws IllegalArgumentException if not positive
     */
    public void setMaxContentLength(int maxContentLength) {
        if (maxContentLength < 1) {
            throw new IllegalArgumentException("max content length must be positive: " + maxContentLength
                    + "; do not include content to log none of it");
        }
        this.maxContentLength = maxContentLength;
    }

    @Override
    public void onError(ProducerRecord<Object, Object> record, SendFailedException failure) {
        if (isRolledBack(failure)) {
            LOGGER.debug("{} topic={}", failure.getMessage(), failure.getTopic());
            return;
        }
        long left = claimLine();
        if (left < 0) {
            return;
        }
        LOGGER.error(
                "{} topic={} partition={} retriable={} mayHaveBeenWritten={}{}{}",
                failure.getMessage(),
                failure.getTopic(),
                failure.getPartition() == null ? "?" : failure.getPartition(),
                failure.isRetriable(),
                failure.mayHaveBeenWritten(),
                contents(record),
                left == 0 ? "" : " (" + left + " more were not logged)",
                failure.getCause());
    }

    private static boolean isRolledBack(Throwable failure) {
        for (Throwable why = failure.getCause(); why != null; why = why.getCause()) {
            if (why instanceof RecordAbortedException aborted) {
                return aborted.isRequested();
            }
        }
        return false;
    }

    /** How many lines were left out before this one, or -1 if this one is. */
    private long claimLine() {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            if (now - secondFromNanos >= SECOND_NANOS) {
                secondFromNanos = now;
                lines = 0;
            }
            if (lines == MAX_LINES_PER_SECOND) {
                unlogged++;
                return -1;
            }
            lines++;
            long left = unlogged;
            unlogged = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    private String contents(ProducerRecord<Object, Object> record) {
        return includeContent ? " key=" + shortened(record.key()) + " value=" + shortened(record.value()) : "";
    }

    private String shortened(@Nullable Object content) {
        String text = content instanceof byte[] bytes ? bytes.length + " B" : String.valueOf(content);
        int max = maxContentLength;
        return text.length() <= max ? text : text.substring(0, max) + "…";
    }
}
