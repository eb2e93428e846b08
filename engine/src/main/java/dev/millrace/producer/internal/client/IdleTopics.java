package dev.millrace.producer.internal.client;

import dev.millrace.producer.internal.accumulator.RecordAccumulator;
import dev.millrace.producer.internal.accumulator.TopicQueues;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.MovableTimer;
import dev.millrace.producer.internal.sender.Sender;
import java.util.IdentityHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up topics this producer has not used for {@code metadata.max-idle}: queues, routes, the state of their partitions.
 * A round looks at one flag for each topic; two rounds fit into the time, so a topic goes after one to one and a half times
 * of it.
 */
@EventLoopOnly
final class IdleTopics {

    private static final Logger LOG = LoggerFactory.getLogger(IdleTopics.class);
    private static final int ROUNDS = 2;

    private final String logPrefix;
    private final EventLoop loop;
    private final RecordAccumulator accumulator;
    private final Sender sender;
    private final TopicRoutes routes;
    private final long maxIdleNanos;
    private final MovableTimer timer;
    private final IdentityHashMap<TopicQueues, Long> idleFromNanos =
            new IdentityHashMap<>(); // of topics not used in the last round
    private boolean ended;

    IdleTopics(ClientParts parts, TopicRoutes routes) {
        this.logPrefix = parts.settings().logPrefix();
        this.loop = parts.loop();
        this.accumulator = parts.accumulator();
        this.sender = parts.sender();
        this.routes = routes;
        this.maxIdleNanos = parts.settings().maxIdleNanos();
        this.timer = new MovableTimer(loop, this::round);
    }

    /** Begins the rounds. Any thread, once. */
    void start() {
        loop.execute(this::armNext);
    }

    /** Gives nothing up any more. */
    void end() {
        ended = true;
        timer.cancel();
    }

    private void armNext() {
        if (!ended) {
            timer.runAt(loop.nanos() + maxIdleNanos / ROUNDS);
        }
    }

    private void round() {
        int forgotten = 0;
        for (TopicQueues topic : accumulator.topics()) {
            if (isIdle(topic) && sender.forget(topic)) {
                idleFromNanos.remove(topic);
                forgotten++;
            }
        }
        if (forgotten > 0) {
            routes.forgetRetired();
            LOG.debug("{} topics not used for long and forgotten: topics={}", logPrefix, forgotten);
        }
        armNext();
    }

    private boolean isIdle(TopicQueues topic) {
        if (topic.takeUse()) {
            idleFromNanos.remove(topic);
            return false;
        }
        Long from = idleFromNanos.putIfAbsent(topic, loop.nanos());
        return from != null && loop.nanos() - from >= maxIdleNanos;
    }
}
