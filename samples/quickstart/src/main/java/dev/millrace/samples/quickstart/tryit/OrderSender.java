package dev.millrace.samples.quickstart.tryit;

import dev.millrace.samples.quickstart.shop.Order;
import dev.millrace.spring.ProducerTemplate;
import dev.millrace.spring.SendResult;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Sends made-up orders in each of the three ways. Safe for several threads. */
final class OrderSender {
    private static final int CUSTOMERS = 50;
    private static final int MAX_FAILURES_TOLD = 3;
    private static final String[] ITEMS = {"lamp", "chair", "table", "carpet", "mirror"};

    private final ProducerTemplate<String, Order> template;
    private final String topic;
    private final Ledger ledger;
    private final PrintStream out;
    private final BooleanSupplier isOver;
    private final AtomicInteger failuresTold = new AtomicInteger();

    OrderSender(
            ProducerTemplate<String, Order> template,
            String topic,
            Ledger ledger,
            PrintStream out,
            BooleanSupplier isOver) {
        this.template = template;
        this.topic = topic;
        this.ledger = ledger;
        this.out = out;
        this.isOver = isOver;
    }

    /**
     * Sends the next order.
     *
     * @throws CancellationException if it is over: the application stops, and its producer with it
     */
    void send(Way way) {
        if (isOver.getAsBoolean()) {
            throw new CancellationException("the application stops");
        }
        switch (way) {
            case FIRE_AND_FORGET -> fireAndForget();
            case SYNCHRONOUS -> synchronously();
            case ASYNCHRONOUS -> withCallback();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // that is what this way is about
    private void fireAndForget() {
        publish(Way.FIRE_AND_FORGET);
    }

    private void synchronously() {
        try {
            publish(Way.SYNCHRONOUS).join();
        } catch (CompletionException failure) {
            tell(Way.SYNCHRONOUS, failure.getCause());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told everything
    private void withCallback() {
        publish(Way.ASYNCHRONOUS).whenComplete((result, failure) -> {
            if (failure != null) {
                tell(Way.ASYNCHRONOUS, failure);
            }
        });
    }

    /** The first failures, as they happen; the verdict has all of them. */
    private void tell(Way way, @Nullable Throwable failure) {
        if (failuresTold.incrementAndGet() <= MAX_FAILURES_TOLD) {
            out.println(way + " send failed: " + failure);
        }
    }

    private CompletableFuture<SendResult<String, Order>> publish(Way way) {
        long number = ledger.enter(way);
        Order order = order(number);
        CompletableFuture<SendResult<String, Order>> future = template.send(topic, order.customer(), order);
        ledger.watch(number, future);
        return future;
    }

    private static Order order(long number) {
        int quantity = (int) (number % 9) + 1;
        return new Order(
                Long.toString(number),
                "customer-" + number % CUSTOMERS,
                ITEMS[(int) (number % ITEMS.length)],
                quantity,
                BigDecimal.valueOf(1990L * quantity, 2));
    }
}
