package dev.millrace.producer.internal.client;

import dev.millrace.producer.ProducerRecord;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads an {@code Iterable}, one record when it is wanted. */
final class IterableSource<K extends @Nullable Object, V extends @Nullable Object> implements PacedSend.Source<K, V> {

    private final Iterable<? extends ProducerRecord<K, V>> records;
    private @Nullable Iterator<? extends ProducerRecord<K, V>> iterator; // null before the first record is wanted
    private boolean exhausted;

    IterableSource(Iterable<? extends ProducerRecord<K, V>> records) {
        this.records = records;
    }

    @Override
    public @Nullable ProducerRecord<K, V> next() {
        if (exhausted) {
            return null;
        }
        Iterator<? extends ProducerRecord<K, V>> current = iterator;
        if (current == null) {
            current = records.iterator();
            iterator = current;
        }
        if (current.hasNext()) {
            return Objects.requireNonNull(current.next(), "the source has a null record");
        }
        exhausted = true;
        return null;
    }

    @Override
    public boolean isExhausted() {
        return exhausted;
    }

    @Override
    public @Nullable Throwable failure() {
        return null; // what it throws, it throws when it is read
    }

    @Override
    public void cancel() {
        exhausted = true;
    }
}
