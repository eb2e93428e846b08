package dev.millrace.samples.quickstart.tryit;

import dev.millrace.samples.quickstart.shop.Order;
import dev.millrace.spring.SendResult;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The books of a run: every order with its outcome, also those whose sender does not look. Safe for several threads. */
final class Ledger {
    private final AtomicLong lastNumber = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Map<Long, SentOrder> orders = new ConcurrentHashMap<>();

    /** Enters an order that the calling thread is about to send, and returns its number, which grows. */
    long enter(Way way) {
        long number = lastNumber.incrementAndGet();
        orders.put(number, SentOrder.unanswered(number, Thread.currentThread().getName(), way));
        return number;
    }

    /** Watches what becomes of an order. */
    @SuppressWarnings("FutureReturnValueIgnored") // the books are the result
    void watch(long number, CompletableFuture<SendResult<String, Order>> future) {
        future.whenComplete((result, failure) -> close(number, result, failure));
    }

    /** How many orders are acknowledged so far. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** All orders in the order of their numbers. */
    List<SentOrder> orders() {
        return orders.values().stream()
                .sorted(Comparator.comparingLong(SentOrder::number))
                .toList();
    }

    private void close(long number, @Nullable SendResult<String, Order> result, @Nullable Throwable failure) {
        orders.computeIfPresent(
                number,
                (same, order) -> failure == null && result != null
                        ? order.withPlace(Place.of(result.metadata()))
                        : order.withFailure(String.valueOf(failure)));
        if (failure == null) {
            acknowledged.incrementAndGet();
        }
    }
}
