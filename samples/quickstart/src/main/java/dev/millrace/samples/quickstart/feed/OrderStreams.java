package dev.millrace.samples.quickstart.feed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The clients that listen. Each has a queue and a thread of its own, so that none can hold up the others. */
@Component
class OrderStreams implements DisposableBean {
    static final int MAX_CLIENTS = 100;

    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor writers =
            new ThreadPoolExecutor(0, MAX_CLIENTS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "order-stream");
                thread.setDaemon(true);
                return thread;
            });

    /** Adds a client that is told all orders from now on. */
    SseEmitter open() {
        SseEmitter emitter = new SseEmitter(0L); // no time limit
        StreamClient client = new StreamClient(emitter, clients::remove);
        clients.add(client);
        try {
            writers.execute(client);
        } catch (RejectedExecutionException full) {
            clients.remove(client);
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                    HttpStatus.SERVICE_UNAVAILABLE, MAX_CLIENTS + " clients listen already");
            problem.setProperty("hint", "Come back when one of them has left");
            throw new ErrorResponseException(HttpStatus.SERVICE_UNAVAILABLE, problem, full);
        }
        return emitter;
    }

    /** Tells all clients; never waits for any. */
    void publish(OrderEvent event) {
        clients.forEach(client -> client.offer(event));
    }

    /** Ends all streams. */
    void closeAll() {
        clients.forEach(StreamClient::end);
    }

    @Override
    public void destroy() {
        closeAll();
        writers.shutdownNow();
    }
}
