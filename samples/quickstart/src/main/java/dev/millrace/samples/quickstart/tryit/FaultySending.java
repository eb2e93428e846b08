package dev.millrace.samples.quickstart.tryit;

import dev.millrace.samples.quickstart.shop.Order;
import dev.millrace.spring.ProducerTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Sends for some time from three threads, one for each way, while a node is killed and started again. */
final class FaultySending {
    private static final int ORDERS_PER_SECOND = 500;

    private final ProducerTemplate<String, Order> template;
    private final OrderSender sender;
    private final NodeKill nodeKill;

    FaultySending(ProducerTemplate<String, Order> template, OrderSender sender, NodeKill nodeKill) {
        this.template = template;
        this.sender = sender;
        this.nodeKill = nodeKill;
    }

    /** Returns when everything has been sent and the node serves again. */
    List<Timing> send(Duration duration) {
        ExecutorService threads = Executors.newFixedThreadPool(Way.values().length);
        try {
            CompletableFuture<Void> node = nodeKill.during(duration);
            List<CompletableFuture<Timing>> senders = new ArrayList<>();
            for (Way way : Way.values()) {
                senders.add(CompletableFuture.supplyAsync(() -> sendFor(duration, way), threads));
            }
            List<Timing> timings = senders.stream().map(CompletableFuture::join).toList();
            node.join();
            return timings;
        } finally {
            threads.shutdown();
        }
    }

    private Timing sendFor(Duration duration, Way way) {
        Pace pace = new Pace(ORDERS_PER_SECOND);
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < duration.toNanos()) {
            sender.send(way);
            pace.awaitNext();
        }
        template.flush();
        return new Timing(way, Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
