package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.errors.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The topics somebody uses. Any thread marks a use; the event loop fetches and expires.
 *
 * <p>A use is one flag, no clock: the loop clears the flags in its rounds and gives up a topic that was not used for
 * long enough. A use that races with giving up wins: the user sets the flag before it looks whether the topic was given
 * up, the loop gives up before it looks at the flag, both volatile, so at least one sees the other.
 */
final class TrackedTopics {

    private final Map<String, Tracked> byName = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> added = new ConcurrentLinkedQueue<>();
    private final long maxIdleNanos;

    TrackedTopics(long maxIdleNanos) {
        this.maxIdleNanos = maxIdleNanos;
    }

    private static final class Tracked {
        volatile boolean used = true;
        volatile boolean givenUp;
        volatile @Nullable TopicProblem problem;
        long idleFromNanos; // loop only; set in the first round after a use
    }

    /** What a use of a topic calls for. */
    enum Use {
        /** Nothing: the topic is fetched with the others. */
        KNOWN,
        /** The topic was added and waits in {@link #takeNew()}. */
        ADDED,
        /** The topic is refused by the cluster; perhaps not any more. */
        REFUSED
    }

    /** Marks a use. Any thread; cheap for a topic that is tracked. */
    Use use(String topic) {
        Tracked tracked = byName.get(topic);
        if (tracked == null || isGivenUp(tracked)) {
            return add(topic);
        }
        TopicProblem problem = tracked.problem;
        return problem != null && problem.error() == ErrorCode.TOPIC_AUTHORIZATION_FAILED ? Use.REFUSED : Use.KNOWN;
    }

    private static boolean isGivenUp(Tracked tracked) {
        if (!tracked.used) {
            tracked.used = true;
        }
        return tracked.givenUp;
    }

    private Use add(String topic) {
        Tracked fresh = new Tracked();
        Tracked kept = byName.compute(topic, (name, present) -> present == null || present.givenUp ? fresh : present);
        if (kept != fresh) {
            kept.used = true;
            return Use.KNOWN;
        }
        added.add(topic);
        return Use.ADDED;
    }

    /** The topics added since the last call. Loop only. */
    List<String> takeNew() {
        Set<String> fresh = new HashSet<>();
        for (String topic = added.poll(); topic != null; topic = added.poll()) {
            fresh.add(topic);
        }
        return List.copyOf(fresh);
    }

    /** All topics, sorted. Loop only. */
    List<String> names() {
        List<String> names = new ArrayList<>(byName.keySet());
        names.sort(null);
        return names;
    }

    /** Gives up the topics that were not used for long enough, and returns them. Loop only. */
    Set<String> expire(long nowNanos) {
        Set<String> expired = new HashSet<>();
        byName.forEach((name, tracked) -> {
            if (tracked.used) {
                tracked.used = false;
                tracked.idleFromNanos = nowNanos;
            } else if (nowNanos - tracked.idleFromNanos >= maxIdleNanos && giveUp(tracked)) {
                byName.remove(name, tracked);
                expired.add(name);
            }
        });
        return expired;
    }

    private static boolean giveUp(Tracked tracked) {
        tracked.givenUp = true; // before looking at the flag
        if (tracked.used) {
            tracked.givenUp = false;
            return false;
        }
        return true;
    }

    /** Notes what an answer said of a topic. Loop only. */
    void note(String topic, ErrorCode error, long nowNanos) {
        Tracked tracked = byName.get(topic);
        if (tracked == null) {
            return;
        }
        TopicProblem last = tracked.problem;
        if (error == ErrorCode.NONE) {
            tracked.problem = null;
        } else if (last == null) {
            tracked.problem = new TopicProblem(topic, error, 1, nowNanos);
        } else {
            tracked.problem = new TopicProblem(topic, error, last.attempts() + 1, last.sinceNanos());
        }
    }

    /** What is wrong with a topic, null if nothing is known to be. Any thread. */
    @Nullable TopicProblem problemOf(String topic) {
        Tracked tracked = byName.get(topic);
        return tracked == null ? null : tracked.problem;
    }
}
