package dev.millrace.samples.quickstart.tryit;

import dev.millrace.samples.quickstart.shop.Order;
import dev.millrace.spring.ProducerTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sends a number of orders from one thread, a third in each way, one way after the other. */
final class PlainSending {
    private final ProducerTemplate<String, Order> template;
    private final OrderSender sender;

    PlainSending(ProducerTemplate<String, Order> template, OrderSender sender) {
        this.template = template;
        this.sender = sender;
    }

    List<Timing> send(int orders) {
        List<Timing> timings = new ArrayList<>();
        int ordersLeft = orders;
        int waysLeft = Way.values().length;
        for (Way way : Way.values()) {
            int share = ordersLeft / waysLeft--;
            ordersLeft -= share;
            long startNanos = System.nanoTime();
            for (int i = 0; i < share; i++) {
                sender.send(way);
            }
            template.flush();
            timings.add(new Timing(way, Duration.ofNanos(System.nanoTime() - startNanos)));
        }
        return timings;
    }
}
