package dev.millrace.producer.internal.client;

import dev.millrace.producer.Headers;
import dev.millrace.producer.ProducerRecord;
import dev.millrace.producer.RecordMetadata;
import dev.millrace.producer.SendCallback;
import dev.millrace.producer.errors.ProducerException;
import dev.millrace.producer.interceptor.ProducerInterceptor;
import dev.millrace.producer.internal.accumulator.RecordCompletion.NamedCallback;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors of a producer, in order. Whatever one of them does, the others and the record go on. Any thread. */
final class InterceptorChain<K extends @Nullable Object, V extends @Nullable Object> {

    private static final Logger LOG = LoggerFactory.getLogger(InterceptorChain.class);

    private final String logPrefix;
    private final List<Link<K, V>> links;

    InterceptorChain(String logPrefix, List<ProducerInterceptor<K, V>> interceptors) {
        this.logPrefix = logPrefix;
        this.links = interceptors.stream().map(Link::new).toList();
    }

    boolean isEmpty() {
        return links.isEmpty();
    }

    /** Shows a record to the interceptors. What they make of it is to be sent with the result as its callback. */
    Followed<K, V> onSend(ProducerRecord<K, V> record, @Nullable SendCallback callback) {
        ProducerRecord<K, V> good = record;
        for (Link<K, V> link : links) {
            try {
                good = requireRecord(link.interceptor.onSend(good));
            } catch (Throwable e) {
                RecordSerialization.throwIfNotTheRecords(e);
                report(link, "onSend", e);
            }
        }
        return new Followed<>(this, good, callback);
    }

    private static <R> R requireRecord(@Nullable R record) {
        if (record == null) {
            throw new NullPointerException("onSend returned null instead of a record");
        }
        return record;
    }

    private void tell(RecordMetadata metadata, Headers headers, @Nullable ProducerException failure) {
        for (Link<K, V> link : links) {
            try {
                link.interceptor.onAcknowledgement(metadata, headers, failure);
            } catch (Throwable e) {
                report(link, "onAcknowledgement", e);
            }
        }
    }

    /** The first, the tenth, the hundredth time and so on: an interceptor that always fails must not fill the disk. */
    private void report(Link<K, V> link, String method, Throwable thrown) {
        long times = link.failures.incrementAndGet();
        long power = 1;
        while (power < times && power <= Long.MAX_VALUE / 10) {
            power *= 10;
        }
        if (power == times) {
            LOG.warn(
                    "{} interceptor failed: interceptor={} method={} failures={}; the record goes on without it",
                    logPrefix,
                    link.interceptor.getClass().getName(),
                    method,
                    times,
                    thrown);
        }
    }

    private static final class Link<K extends @Nullable Object, V extends @Nullable Object> {
        final ProducerInterceptor<K, V> interceptor;
        final AtomicLong failures = new AtomicLong();

        Link(ProducerInterceptor<K, V> interceptor) {
            this.interceptor = interceptor;
        }
    }

    /** A record the interceptors have seen, and the callback by which they hear of its end before the user does. */
    static final class Followed<K extends @Nullable Object, V extends @Nullable Object> implements NamedCallback {
        private final InterceptorChain<K, V> chain;
        private final ProducerRecord<K, V> record;
        private final @Nullable SendCallback callback; // null for a send without one
        private Headers headers; // written before the record is handed over

        Followed(InterceptorChain<K, V> chain, ProducerRecord<K, V> record, @Nullable SendCallback callback) {
            this.chain = chain;
            this.record = record;
            this.callback = callback;
            this.headers = record.headers();
        }

        ProducerRecord<K, V> record() {
            return record;
        }

        /** The headers with those the serializers have added. */
        void sentWith(Headers all) {
            headers = all;
        }

        /** The same, for a record the user is not told of. */
        Followed<K, V> withoutUser() {
            Followed<K, V> alone = new Followed<>(chain, record, null);
            alone.sentWith(headers);
            return alone;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable ProducerException failure) {
            chain.tell(metadata, headers, failure);
            if (callback != null) {
                callback.onCompletion(metadata, failure);
            }
        }

        @Override
        public String name() {
            return callback == null
                    ? "interceptors"
                    : "interceptors, " + callback.getClass().getName();
        }
    }
}
