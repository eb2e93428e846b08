package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.PipelineSnapshot;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.metadata.KeptNode;
import dev.millrace.producer.internal.network.MovableTimer;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsRequest;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsResponse;
import dev.millrace.producer.internal.protocol.message.PushTelemetryRequest;
import dev.millrace.producer.internal.protocol.message.PushTelemetryResponse;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster which metrics it wants and pushes them in its interval (KIP-714). Counting begins with a subscription
 * that wants something and ends with one that wants nothing. All requests go to one node as long as that is possible.
 *
 * <p>A push is made in steps on the threads where its parts are: a snapshot from the event loop, the numbers on the delivery
 * executor, the bytes on a compression thread, the request on the event loop again.
 */
public final class TelemetryClient implements Telemetry {

    private static final Logger LOG = LoggerFactory.getLogger(TelemetryClient.class);
    private static final UUID NOT_KNOWN = new UUID(0, 0);
    private static final double MIN_FIRST_WAIT = 0.5; // of an interval; at most 1 more

    private final TelemetryParts parts;
    private final EventLoop loop;
    private final String logPrefix;
    private final PayloadEncoder encoder;
    private final MovableTimer timer;
    private final KeptNode node = new KeptNode();
    private final CompletableFuture<UUID> instanceId = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Runnable endListener = this::loopEnded;

    // event loop only
    private final TelemetryStates state = new TelemetryStates();
    private @Nullable Subscription subscription; // null until the cluster has answered
    private @Nullable ProducerMetrics metrics; // null while nothing is wanted
    private Supplier<CompletableFuture<PipelineSnapshot>> snapshots = CompletableFuture::new; // until start

    /** Does nothing before {@link #start}. */
    public TelemetryClient(TelemetryParts parts) {
        this.parts = parts;
        loop = parts.loop();
        logPrefix = "[producer=" + parts.clientId() + "]";
        encoder = new PayloadEncoder(parts.resource(), parts.codecs());
        timer = new MovableTimer(loop, () -> on(TelemetryEvent.DUE));
    }

    @Override
    public void start(Supplier<CompletableFuture<PipelineSnapshot>> source) {
        loop.addEndListener(endListener);
        execute(() -> {
            snapshots = source;
            on(TelemetryEvent.DUE);
        });
    }

    @Override
    public CompletableFuture<UUID> clientInstanceId() {
        return instanceId.copy(); // what the user does to it is his
    }

    @Override
    public CompletableFuture<Void> lastPush() {
        execute(() -> on(TelemetryEvent.CLOSING));
        return ended;
    }

    @Override
    @EventLoopOnly
    public void end() {
        assert loop.inEventLoop();
        loop.removeEndListener(endListener);
        on(TelemetryEvent.CLOSED);
    }

    /** The one way in: changes the state and does what follows from it. */
    @EventLoopOnly
    private void on(TelemetryEvent event) {
        TelemetryState before = state.current();
        TelemetryStates.Action action = state.on(event);
        LOG.trace("{} telemetry: {} in {}, now {}", logPrefix, event, before, state.current());
        switch (action) {
            case ASK -> ask();
            case PUSH -> push(false);
            case PUSH_LAST -> push(true);
            case WAIT_FIRST_INTERVAL ->
                waitIntervals(MIN_FIRST_WAIT + parts.random().nextDouble());
            case WAIT_INTERVAL -> waitIntervals(1);
            case END -> release();
            case NOTHING -> {}
        }
    }

    private void waitIntervals(double howMany) {
        long interval = subscription == null ? Subscription.DEFAULT_INTERVAL.toNanos() : subscription.intervalNanos();
        timer.runAt(loop.nanos() + (long) (interval * howMany));
    }

    private void ask() {
        UUID known = subscription == null ? NOT_KNOWN : subscription.clientInstanceId();
        parts.cluster()
                .sendToKeptNode(
                        node,
                        new GetTelemetrySubscriptionsRequest(known),
                        new ResponseHandler<GetTelemetrySubscriptionsResponse>() {
                            @Override
                            public void onResponse(GetTelemetrySubscriptionsResponse response) {
                                answered(response);
                            }

                            @Override
                            public void onFailure(RequestFailure failure) {
                                failed(failure);
                            }
                        });
    }

    private void answered(GetTelemetrySubscriptionsResponse response) {
        if (state.current() == TelemetryState.TERMINATED) {
            return;
        }
        if (response.error() != ErrorCode.NONE) {
            refused(response.error());
            return;
        }
        Subscription wanted = Subscription.of(response);
        LOG.debug("{} telemetry subscription: {}", logPrefix, wanted);
        subscription = wanted;
        parts.delivery().execute(() -> instanceId.complete(wanted.clientInstanceId()));
        count(!wanted.isEmpty());
        on(wanted.isEmpty() ? TelemetryEvent.NOTHING_SUBSCRIBED : TelemetryEvent.SUBSCRIBED);
    }

    /** Begins to count, goes on with it, or ends it. */
    private void count(boolean isWanted) {
        if (isWanted == (metrics != null)) {
            return;
        }
        metrics = isWanted ? new ProducerMetrics(loop::nanos, parts.clock()) : null;
        parts.observer().countWith(metrics);
    }

    private void push(boolean isLast) {
        Subscription wanted = subscription;
        ProducerMetrics counted = metrics;
        if (wanted == null || counted == null) {
            throw new IllegalStateException("nothing is subscribed to in " + state.current());
        }
        var unused = snapshots
                .get()
                .thenApply(snapshot -> counted.report(snapshot, wanted.temporality()))
                .thenApplyAsync(report -> encoder.encode(report, wanted), parts.compression())
                .whenComplete((payload, failure) -> execute(() -> send(wanted, payload, failure, isLast)));
    }

    private void send(Subscription wanted, @Nullable Payload payload, @Nullable Throwable failure, boolean isLast) {
        if (state.current() == TelemetryState.TERMINATED) {
            return;
        }
        if (payload == null) {
            LOG.debug("{} no telemetry this time, maxBytes={}", logPrefix, wanted.maxBytes(), failure);
            on(TelemetryEvent.NOT_NOW);
            return;
        }
        parts.cluster()
                .sendToKeptNode(
                        node,
                        new PushTelemetryRequest(
                                wanted.clientInstanceId(),
                                wanted.id(),
                                isLast,
                                (byte) payload.compression().id(),
                                payload.bytes()),
                        new ResponseHandler<PushTelemetryResponse>() {
                            @Override
                            public void onResponse(PushTelemetryResponse response) {
                                if (response.error() == ErrorCode.NONE) {
                                    on(TelemetryEvent.ACCEPTED);
                                } else {
                                    refused(response.error());
                                }
                            }

                            @Override
                            public void onFailure(RequestFailure failure) {
                                failed(failure);
                            }
                        });
    }

    private void refused(ErrorCode error) {
        TelemetryEvent event = TelemetryEvent.of(error);
        if (event == TelemetryEvent.REFUSED && error != ErrorCode.UNSUPPORTED_VERSION) {
            LOG.warn("{} the cluster refuses telemetry, no more of it is sent: error={}", logPrefix, error);
        } else {
            LOG.debug("{} telemetry answered with {}", logPrefix, error);
        }
        on(event);
    }

    /** A broker that does not know the APIs, or has nobody to give metrics to, is no news for anybody. */
    private void failed(RequestFailure failure) {
        LOG.debug("{} telemetry failed: {}", logPrefix, failure);
        on(failure.cause() instanceof UnsupportedApiException ? TelemetryEvent.REFUSED : TelemetryEvent.NOT_NOW);
    }

    private void release() {
        timer.cancel();
        count(false);
        failInstanceId();
        ended.complete(null);
    }

    private void failInstanceId() {
        IllegalStateException never = new IllegalStateException(
                "no client instance id: the producer is closed or its cluster takes no telemetry");
        try {
            parts.delivery().execute(() -> instanceId.completeExceptionally(never));
        } catch (RejectedExecutionException closed) {
            instanceId.completeExceptionally(never);
        }
    }

    private void loopEnded() {
        failInstanceId();
        ended.complete(null);
    }

    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            LOG.debug("{} telemetry after the end of the event loop", logPrefix, closed);
        }
    }
}
