package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to a resolver that may block: each is asked on a daemon thread, and who asks the same meanwhile waits for the
 * same answer. So a resolver that hangs costs one thread for each host, however often a connection is tried.
 *
 * @param <T> what is found
 */
@EventLoopOnly
final class HostLookups<T> {

    private static final Logger LOG = LoggerFactory.getLogger(HostLookups.class);

    private final EventLoop loop;
    private final Question<T> question;
    private final Map<String, List<Consumer<List<T>>>> underWay = new HashMap<>();

    /** Asks this question, and answers on the loop. */
    HostLookups(EventLoop loop, Question<T> question) {
        this.loop = loop;
        this.question = question;
    }

    /** What is asked of a host. */
    @FunctionalInterface
    interface Question<T> {
        List<T> ask(String host) throws UnknownHostException;
    }

    /** Asks; the answer is empty if the host is unknown. It arrives later, never from within this call. */
    void ask(String host, Consumer<List<T>> answer) {
        assert loop.inEventLoop();
        List<Consumer<List<T>>> waiting = underWay.get(host);
        if (waiting != null) {
            waiting.add(answer);
            return;
        }
        underWay.put(host, new ArrayList<>(List.of(answer)));
        Thread thread = new Thread(() -> askBlocking(host), "millrace-dns-" + host);
        thread.setDaemon(true);
        thread.start();
    }

    private void askBlocking(String host) {
        List<T> found;
        try {
            found = question.ask(host);
        } catch (UnknownHostException | RuntimeException e) { // a user's resolver may throw anything
            LOG.debug("host not resolved: host={}", host, e);
            found = List.of();
        }
        List<T> all = found;
        try {
            loop.execute(() -> answered(host, all));
        } catch (RejectedExecutionException e) {
            LOG.debug("event loop closed while resolving: host={}", host, e);
        }
    }

    private void answered(String host, List<T> found) {
        List<Consumer<List<T>>> waiting = underWay.remove(host);
        if (waiting != null) {
            waiting.forEach(answer -> answer.accept(found));
        }
    }
}
