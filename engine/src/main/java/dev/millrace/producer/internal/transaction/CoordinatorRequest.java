package dev.millrace.producer.internal.transaction;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoop.Timer;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.NegotiatedVersions;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question to a coordinator, asked until there is an answer that is not "later" or "not here": looks the coordinator
 * up, waits for the connection, sends, and does it all again after a pause when that fails. Whatever happens to a
 * connection, the question is neither lost nor answered twice.
 *
 * @param <R> type of the response
 */
@EventLoopOnly
final class CoordinatorRequest<R> implements ResponseHandler<R>, CoordinatorLookup.Seeker {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorRequest.class);

    private final String logPrefix;
    private final Coordinators coordinators;
    private final CoordinatorKey key;
    private final Exchange<R> exchange;

    private @Nullable CoordinatorNode node; // of the last attempt, null before the first
    private @Nullable Timer pause; // null unless it waits before the next attempt
    private boolean inFlight;
    private boolean ended;
    private boolean doubtful; // an earlier attempt may have been carried out although nobody said so
    private int attempts;
    private int failures;
    private String lastProblem = "";

    private CoordinatorRequest(String logPrefix, Coordinators coordinators, CoordinatorKey key, Exchange<R> exchange) {
        this.logPrefix = logPrefix;
        this.coordinators = coordinators;
        this.key = key;
        this.exchange = exchange;
    }

    /** What is asked, and what becomes of the answer. */
    interface Exchange<R> {

        /** Which column of the reactions applies. */
        Inquiry inquiry();

        /** The request as it is to be made now. */
        ApiRequest<R> request();

        /**
         * The version to ask with.
         *
         * @throws UnsupportedApiException if the coordinator speaks none that will do
         */
        default short version(NegotiatedVersions versions) {
            return versions.choose(inquiry().apiKey());
        }

        /** Takes what the answer has, and says which of its errors decides; NONE if all is done. */
        ErrorCode take(R response);

        /** The last answer is there. */
        void onEnd(R response, ErrorCode error, Reaction reaction);

        /** There is no coordinator to be asked, for the reason given. */
        void onNoCoordinator(ErrorCode error, Reaction reaction);

        /** The coordinator does not speak what is needed; true asks again, as another one may. */
        boolean retriesUnsupported(UnsupportedApiException unsupported);

        /** Whether it is asked again when it is refused until somebody changes something. */
        default boolean retriesRefusals() {
            return false;
        }

        /** How long to wait when the coordinator still ends the transaction before. */
        default long shortPauseNanos(long backoffNanos) {
            return backoffNanos;
        }
    }

    /** Asks. The exchange hears nothing from within this call. */
    static <R> CoordinatorRequest<R> start(
            String logPrefix, Coordinators coordinators, CoordinatorKey key, Exchange<R> exchange) {
        CoordinatorRequest<R> request = new CoordinatorRequest<>(logPrefix, coordinators, key, exchange);
        coordinators.loop().execute(request::attempt);
        return request;
    }

    /** Asks no more; an answer that still comes is ignored. */
    void cancel() {
        ended = true;
        coordinators.leave(this);
        coordinators.lookup().leave(key, this);
        if (pause != null) {
            pause.cancel();
        }
    }

    /** Whether the coordinator may have carried it out without our knowing. */
    boolean isDoubtful() {
        return doubtful || inFlight;
    }

    /** Whether an earlier attempt than the one answered last may have been carried out. */
    boolean wasDoubtful() {
        return doubtful;
    }

    /** How far it came, for messages. */
    String describe() {
        String coordinator = node == null ? "unknown" : node.toString();
        String problem = lastProblem;
        if (node == null && problem.isEmpty()) {
            problem = coordinators.lookup().problem(key);
        }
        return "coordinator=" + coordinator + " attempts=" + attempts + " last="
                + (problem.isEmpty() ? progress() : problem);
    }

    private String progress() {
        if (inFlight) {
            return "no answer yet";
        }
        return attempts == 0 ? "not sent" : "answered";
    }

    @Override
    public void onFound() {
        attempt();
    }

    @Override
    public void onRefused(ErrorCode error, Reaction reaction) {
        if (ended) {
            return;
        }
        if (reaction == Reaction.REFUSED && exchange.retriesRefusals()) {
            attemptLater(error.toString());
        } else {
            end();
            exchange.onNoCoordinator(error, reaction);
        }
    }

    void onWritable(BrokerConnection connection) {
        CoordinatorNode expected = node;
        if (expected != null && expected.nodeId() == connection.nodeId()) {
            coordinators.leave(this);
            attempt();
        }
    }

    void onDisconnected(BrokerConnection connection, Throwable cause) {
        CoordinatorNode expected = node;
        if (expected != null && expected.nodeId() == connection.nodeId()) {
            coordinators.leave(this);
            coordinators.lookup().drop(key, expected.nodeId());
            attemptLater(String.valueOf(cause.getMessage()));
        }
    }

    @Override
    public void onResponse(R response) {
        inFlight = false;
        if (ended || coordinators.isClosed()) {
            return;
        }
        ErrorCode error = exchange.take(response);
        Reaction reaction = TransactionReactions.to(exchange.inquiry(), error);
        if (!reaction.isRetry() && !(reaction == Reaction.REFUSED && exchange.retriesRefusals())) {
            end();
            exchange.onEnd(response, error, reaction);
            return;
        }
        doubtful |= mayBeInTheLog(error);
        failures++;
        CoordinatorNode asked = node;
        if (reaction == Reaction.FIND_AND_RETRY && asked != null) {
            coordinators.lookup().drop(key, asked.nodeId());
        }
        pauseBeforeNext(
                reaction == Reaction.RETRY_SOON
                        ? exchange.shortPauseNanos(coordinators.backoff().nextNanos(1))
                        : coordinators.backoff().nextNanos(failures),
                error.toString());
    }

    @Override
    public void onFailure(RequestFailure failure) {
        inFlight = false;
        if (ended || coordinators.isClosed()) {
            return;
        }
        doubtful |= failure.mayHaveReachedBroker();
        CoordinatorNode asked = node;
        if (asked != null) {
            coordinators.lookup().drop(key, asked.nodeId());
        }
        attemptLater(failure.detail());
    }

    /**
     * A coordinator gives up with these codes also after it has appended to its log, where the entry may survive it. With
     * the others it has not begun.
     */
    private static boolean mayBeInTheLog(ErrorCode error) {
        return switch (error) {
            case COORDINATOR_LOAD_IN_PROGRESS, CONCURRENT_TRANSACTIONS, THROTTLING_QUOTA_EXCEEDED -> false;
            default -> true;
        };
    }

    private void attempt() {
        pause = null;
        if (ended || inFlight || coordinators.isClosed()) {
            return;
        }
        CoordinatorNode coordinator = coordinators.lookup().known(key);
        if (coordinator == null) {
            coordinators.lookup().find(key, this);
            return;
        }
        node = coordinator;
        BrokerConnection connection = coordinators.connectionTo(coordinator);
        if (connection.canSend()) {
            send(connection);
        } else {
            coordinators.await(this);
            connection.ensureConnected();
        }
    }

    private void send(BrokerConnection connection) {
        short version;
        try {
            version = exchange.version(connection.versions());
        } catch (UnsupportedApiException unsupported) {
            unsupported(connection, unsupported);
            return;
        }
        attempts++;
        inFlight = true;
        connection.send(exchange.request(), version, this);
    }

    private void unsupported(BrokerConnection connection, UnsupportedApiException unsupported) {
        if (exchange.retriesUnsupported(unsupported)) {
            coordinators.lookup().drop(key, connection.nodeId());
            attemptLater(String.valueOf(unsupported.getMessage()));
        } else {
            end();
        }
    }

    private void attemptLater(String why) {
        failures++;
        pauseBeforeNext(coordinators.backoff().nextNanos(failures), why);
    }

    private void pauseBeforeNext(long nanos, String why) {
        lastProblem = why;
        LOG.debug("{} asks again: api={} failures={} cause={}", logPrefix, exchange.inquiry(), failures, why);
        pause = coordinators.loop().schedule(nanos, this::attempt);
    }

    private void end() {
        ended = true;
        coordinators.leave(this);
    }
}
