package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.ClusterMetadata;
import dev.millrace.producer.internal.metadata.MetadataProblem;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorRequest;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse;
import dev.millrace.producer.internal.protocol.message.FindCoordinatorResponse.Coordinator;
import dev.millrace.producer.internal.time.Backoff;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the coordinators of a producer: that of its transactional id and those of the groups whose offsets it sends. Asks
 * any node for them, until there is an answer; one lookup serves everybody who waits for the same coordinator.
 */
@EventLoopOnly
final class CoordinatorLookup {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorLookup.class);

    private final String logPrefix;
    private final ClusterMetadata metadata;
    private final EventLoop loop;
    private final Backoff backoff;
    private final Map<CoordinatorKey, CoordinatorNode> known = new HashMap<>();
    private final Map<CoordinatorKey, Search> searches = new HashMap<>();
    private boolean closed;

    CoordinatorLookup(TransactionParts parts) {
        this.logPrefix = parts.settings().logPrefix();
        this.metadata = parts.metadata();
        this.loop = parts.loop();
        this.backoff = parts.retryBackoff();
    }

    /** Waits for a coordinator. */
    interface Seeker {

        /** The coordinator is known. */
        void onFound();

        /** Nobody says who it is until something changes. */
        void onRefused(ErrorCode error, Reaction reaction);
    }

    /** Who it is, null if that is not known. */
    @Nullable CoordinatorNode known(CoordinatorKey key) {
        return known.get(key);
    }

    /** Looks the coordinator up; the seeker hears of it later, unless it has left before. */
    void find(CoordinatorKey key, Seeker seeker) {
        Search search = searches.get(key);
        if (search == null) {
            search = new Search(key);
            searches.put(key, search);
            search.ask();
        }
        search.seekers.add(seeker);
    }

    /** The seeker is no longer interested. */
    void leave(CoordinatorKey key, Seeker seeker) {
        Search search = searches.get(key);
        if (search != null) {
            search.seekers.remove(seeker);
        }
    }

    /** The node was of no use; the coordinator may be another one by now. */
    void drop(CoordinatorKey key, int nodeId) {
        CoordinatorNode node = known.get(key);
        if (node != null && node.nodeId() == nodeId) {
            known.remove(key);
            LOG.debug("{} coordinator of {} is not {} any more", logPrefix, key, node);
        }
    }

    /** What keeps the lookup from an answer, for messages; empty if nothing. */
    String problem(CoordinatorKey key) {
        Search search = searches.get(key);
        if (search == null) {
            return "";
        }
        MetadataProblem cluster = metadata.lastProblem();
        return search.failures == 0 && cluster != null ? cluster.describe(loop.nanos()) : search.problem;
    }

    /** Asks no more. */
    void close() {
        closed = true;
        searches.clear();
    }

    /** One coordinator being looked up. */
    private final class Search implements ResponseHandler<FindCoordinatorResponse> {

        private final CoordinatorKey key;
        private final Set<Seeker> seekers = new LinkedHashSet<>();
        private int failures;
        private String problem = "no broker has answered yet";

        Search(CoordinatorKey key) {
            this.key = key;
        }

        void ask() {
            if (closed) {
                return;
            }
            if (seekers.isEmpty() && failures > 0) {
                searches.remove(key); // nobody waits any more
                return;
            }
            metadata.sendToAnyNode(new FindCoordinatorRequest(key.type(), List.of(key.name())), this);
        }

        @Override
        public void onResponse(FindCoordinatorResponse response) {
            if (closed) {
                return;
            }
            Coordinator only = response.coordinators().size() == 1
                    ? response.coordinators().get(0)
                    : null;
            if (only == null || !only.key().equals(key.name())) {
                askLater("the broker answered for " + response.coordinators().size() + " keys, not for the one asked");
                return;
            }
            Reaction reaction = TransactionReactions.to(Inquiry.COORDINATOR, only.error());
            if (reaction == Reaction.DONE) {
                found(new CoordinatorNode(only.nodeId(), new BrokerAddress(only.host(), only.port())));
            } else if (reaction.isRetry()) {
                askLater(only.error().toString());
            } else {
                searches.remove(key);
                List.copyOf(seekers).forEach(seeker -> seeker.onRefused(only.error(), reaction));
            }
        }

        @Override
        public void onFailure(RequestFailure failure) {
            if (!closed) {
                askLater(failure.detail());
            }
        }

        private void found(CoordinatorNode node) {
            LOG.debug("{} coordinator of {}: {}", logPrefix, key, node);
            known.put(key, node);
            searches.remove(key);
            List.copyOf(seekers).forEach(Seeker::onFound);
        }

        private void askLater(String why) {
            failures++;
            problem = why;
            LOG.debug("{} coordinator of {} not found: attempt={} cause={}", logPrefix, key, failures, why);
            loop.schedule(backoff.nextNanos(failures), this::ask);
        }
    }
}
