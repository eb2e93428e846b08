package dev.millrace.producer.internal.metadata;

import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.AuthenticationException;
import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.concurrent.DrainSignal;
import dev.millrace.producer.internal.concurrent.EventLoop;
import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.BrokerConnection;
import dev.millrace.producer.internal.network.BrokerConnections;
import dev.millrace.producer.internal.network.ConnectionCommons;
import dev.millrace.producer.internal.network.ConnectionListener;
import dev.millrace.producer.internal.network.ConnectionSettings;
import dev.millrace.producer.internal.network.ConnectionState;
import dev.millrace.producer.internal.network.MovableTimer;
import dev.millrace.producer.internal.network.RequestFailure;
import dev.millrace.producer.internal.network.ResponseHandler;
import dev.millrace.producer.internal.network.Transport;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.UnsupportedApiException;
import dev.millrace.producer.internal.protocol.message.MetadataRequest;
import dev.millrace.producer.internal.protocol.message.MetadataResponse;
import dev.millrace.producer.internal.time.Backoff;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the description of one cluster fresh, for all its producers. Readers take {@link #snapshot()} and say which
 * topics they use; refreshes run on the event loop over connections of their own, one at a time.
 */
public final class ClusterMetadata {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMetadata.class);

    private final EventLoop loop;
    private final MetadataSettings settings;
    private final String logPrefix;
    private final TrackedTopics topics;
    private final ProblemLog problems = new ProblemLog();
    private final UnknownBootstrap unknownBootstrap;
    private final Refusals refusals = new Refusals();
    private final ConnectionCommons commons;
    private final List<MetadataListener> listeners = new CopyOnWriteArrayList<>();
    private final DrainSignal wakeUp;
    private final BrokerConnections connections;
    private final BootstrapList bootstrap;
    private final NodeChooser nodes;
    private final AnyNodeRequests anyNodeRequests;
    private final RefreshSchedule schedule;
    private final MovableTimer refreshTimer;
    private final MovableTimer expiryTimer;

    private volatile ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
    private volatile boolean updateRequested; // by any thread, taken by the loop

    // event loop only
    private final Set<String> newTopics = new HashSet<>(); // never asked for
    private boolean refreshInFlight;
    private @Nullable Long describedNanos; // null before the first description
    private boolean closed;

    /** As below, of a cluster that does not ask who its clients are. */
    public ClusterMetadata(
            EventLoop loop,
            Transport transport,
            ConnectionSettings connectionSettings,
            MetadataSettings settings,
            RandomGenerator random) {
        this(
                loop,
                transport,
                connectionSettings,
                settings,
                random,
                ConnectionCommons.of(connectionSettings.logPrefix()));
    }

    /**
     * Does nothing before {@link #start}.
     *
     * @param random source of the jitter and of the choice between equal nodes
     * @param commons of all connections to the cluster
     */
    public ClusterMetadata(
            EventLoop loop,
            Transport transport,
            ConnectionSettings connectionSettings,
            MetadataSettings settings,
            RandomGenerator random,
            ConnectionCommons commons) {
        this.loop = loop;
        this.settings = settings;
        logPrefix = connectionSettings.logPrefix();
        topics = new TrackedTopics(settings.maxIdleNanos());
        wakeUp = new DrainSignal(loop, this::proceed);
        unknownBootstrap = new UnknownBootstrap(settings.bootstrapResolveTimeoutNanos());
        this.commons = commons;
        connections = new BrokerConnections(loop, transport, connectionSettings, new Connections(), commons, random);
        Backoff backoff = new Backoff(settings.retryBackoffNanos(), settings.retryBackoffMaxNanos(), random);
        bootstrap = new BootstrapList(settings, loop, transport, backoff, new Bootstrap());
        nodes = new NodeChooser(connections, bootstrap, settings, random);
        anyNodeRequests = new AnyNodeRequests(nodes);
        schedule = new RefreshSchedule(backoff, settings.maxAgeNanos(), loop.nanos());
        refreshTimer = new MovableTimer(loop, this::proceed);
        expiryTimer = new MovableTimer(loop, this::expireTopics);
    }

    /** Fetches the first description and keeps it fresh from then on. Any thread, once. */
    public void start() {
        loop.execute(this::armExpiry);
        loop.execute(bootstrap::renew);
        wakeUp.raise();
    }

    /** What is known now. Any thread. */
    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    /**
     * Says that a topic is used. Any thread, for every record: nothing but a look-up for a topic that is tracked. A new
     * topic is fetched at once.
     */
    public void track(String topic) {
        switch (topics.use(topic)) {
            case KNOWN -> {}
            case ADDED -> wakeUp.raise();
            case REFUSED -> requestUpdate();
        }
    }

    /** Says that the snapshot was found wrong. Any thread; many calls lead to one refresh. */
    public void requestUpdate() {
        if (!updateRequested) {
            updateRequested = true;
            wakeUp.raise();
        }
    }

    /** Why there is no fresh metadata, null if the last refresh succeeded. Any thread. */
    public @Nullable MetadataProblem lastProblem() {
        return problems.current();
    }

    /** How long ago the cluster was last described, nanoseconds; -1 if it never was. */
    @EventLoopOnly
    public long ageNanos() {
        assert loop.inEventLoop();
        return describedNanos == null ? -1 : loop.nanos() - describedNanos;
    }

    /** Why a topic cannot be used, null if the last answer had no error for it. Any thread. */
    public @Nullable TopicProblem problemOf(String topic) {
        return topics.problemOf(topic);
    }

    /** What all connections to this cluster have in common, also those of its producers. */
    public ConnectionCommons connectionCommons() {
        return commons;
    }

    /** Adds a listener. Any thread. */
    public void addListener(MetadataListener listener) {
        listeners.add(listener);
    }

    /** Removes a listener. Any thread. */
    public void removeListener(MetadataListener listener) {
        listeners.remove(listener);
    }

    /**
     * Uses what a broker said of leaders when it refused writes, as far as it is newer than what is known.
     *
     * @return whether anything was news
     */
    @EventLoopOnly
    public boolean applyHints(List<LeaderHint> hints) {
        assert loop.inEventLoop();
        ClusterSnapshot updated = snapshot.with(hints);
        if (updated == snapshot) {
            return false;
        }
        LOG.debug("{} leaders moved: {}", logPrefix, hints);
        snapshot = updated;
        notifyListeners(listener -> listener.onUpdate(updated));
        return true;
    }

    /**
     * Sends a request that any node can answer, as soon as some node is ready, to the least loaded one. The handler hears
     * NOT_SENT if that node does not speak the API, or when this object is closed before.
     */
    @EventLoopOnly
    public <R> void sendToAnyNode(ApiRequest<R> request, ResponseHandler<R> handler) {
        sendToKeptNode(new KeptNode(), request, handler);
    }

    /** As {@link #sendToAnyNode}, but to the node of the last request with this object as long as that can be had. */
    @EventLoopOnly
    public <R> void sendToKeptNode(KeptNode kept, ApiRequest<R> request, ResponseHandler<R> handler) {
        assert loop.inEventLoop();
        anyNodeRequests.add(kept, request, handler);
        wakeUp.raise();
    }

    /** Ends refreshes and closes the connections. */
    @EventLoopOnly
    public void close() {
        assert loop.inEventLoop();
        closed = true;
        refreshTimer.cancel();
        expiryTimer.cancel();
        bootstrap.close();
        anyNodeRequests.failAll("closed while waiting for a node");
        connections.closeAll("metadata closed");
    }

    /** Does whatever can be done now: the one place that decides what is sent. */
    private void proceed() {
        if (closed) {
            return;
        }
        takeRequests();
        nodes.closeRetired();
        anyNodeRequests.sendReady();
        if (refreshInFlight) {
            return;
        }
        boolean isDue = schedule.dueNanos() - loop.nanos() <= 0;
        if (!isDue) {
            refreshTimer.runAt(schedule.dueNanos());
        }
        if (isDue || !newTopics.isEmpty()) {
            BrokerConnection node = nodes.choose();
            if (node != null) {
                refresh(node, isDue);
            }
        }
    }

    private void takeRequests() {
        if (updateRequested) {
            updateRequested = false;
            schedule.request();
        }
        List<String> added = topics.takeNew();
        if (!added.isEmpty()) {
            newTopics.addAll(added);
            schedule.topicAdded();
        }
    }

    private void refresh(BrokerConnection node, boolean everything) {
        List<String> names =
                everything ? topics.names() : newTopics.stream().sorted().toList();
        newTopics.clear(); // what fails is followed by a refresh of everything, after a pause
        short version;
        try {
            version = node.version(ApiKey.METADATA);
        } catch (UnsupportedApiException e) {
            attemptFailed(node, node.address() + " is too old: " + e.getMessage());
            return;
        }
        if (everything) {
            schedule.started();
        }
        refreshInFlight = true;
        LOG.debug("{} refreshing metadata: node={} topics={} version={}", logPrefix, node.address(), names, version);
        node.send(new MetadataRequest(names, true), version, new Refresh(node, everything));
    }

    /** Notes a failure that did not break the connection, and goes on. */
    private void attemptFailed(BrokerConnection node, String text) {
        nodes.failed(node.nodeId());
        schedule.failed(loop.nanos());
        unknownBootstrap.clear(); // somebody answered
        report(node.address(), text);
        wakeUp.raise();
    }

    private void report(BrokerAddress address, @Nullable String text) {
        long now = loop.nanos();
        boolean unknown = unknownBootstrap.isTooLong(bootstrapAddresses(), now);
        AuthenticationException refusal = describedNanos == null ? refusals.ofAll(bootstrapAddresses()) : null;
        MetadataProblem problem = problems.add(address, text, now, unknown, refusal);
        if (now - problem.sinceNanos() >= settings.rebootstrapTriggerNanos()) {
            rebootstrap("no metadata for " + TimeUnit.NANOSECONDS.toMillis(now - problem.sinceNanos()) + " ms");
        }
        LOG.debug("{} metadata attempt failed: {}", logPrefix, text);
        notifyListeners(listener -> listener.onFailure(problem));
    }

    private Collection<BrokerAddress> bootstrapAddresses() {
        return bootstrap.current().isEmpty()
                ? settings.bootstrap()
                : bootstrap.current().values();
    }

    private void rebootstrap(String reason) {
        if (nodes.forgetNodes()) {
            LOG.info("{} begins again with the bootstrap servers: reason={}", logPrefix, reason);
        }
    }

    private void take(BrokerConnection node, MetadataResponse response, boolean everything) {
        if (response.error() == ErrorCode.REBOOTSTRAP_REQUIRED) {
            rebootstrap("asked for by " + node.address());
        }
        if (response.error() != ErrorCode.NONE) {
            attemptFailed(node, "metadata refused by " + node.address() + ": error=" + response.error());
        } else if (response.brokers().isEmpty()) {
            attemptFailed(node, "empty list of brokers from " + node.address() + ", it may be starting");
        } else {
            applyOrFail(node, response, everything);
        }
    }

    private void applyOrFail(BrokerConnection node, MetadataResponse response, boolean everything) {
        SnapshotUpdate update;
        try {
            update = SnapshotUpdate.of(snapshot, response);
        } catch (MalformedResponseException e) {
            attemptFailed(node, "contradictory metadata from " + node.address() + ": " + e.getMessage());
            return;
        }
        apply(update, response, everything);
    }

    private void apply(SnapshotUpdate update, MetadataResponse response, boolean everything) {
        long now = loop.nanos();
        if (everything) {
            schedule.succeeded(now, update.bringsNews());
        } else {
            schedule.answered(now, update.bringsNews());
        }
        if (update.asksForAnother()) {
            schedule.request();
        }
        problems.clear();
        unknownBootstrap.clear();
        refusals.clear();
        tellOfAnotherCluster(snapshot.clusterId(), response.clusterId());
        for (MetadataResponse.Topic topic : response.topics()) {
            if (topic.name() != null) {
                topics.note(topic.name(), topic.error(), now);
            }
        }
        nodes.useNodes(update.snapshot().nodes());
        publish(update.snapshot());
    }

    private void tellOfAnotherCluster(@Nullable String before, @Nullable String now) {
        if (before != null && now != null && !before.equals(now)) {
            LOG.warn(
                    "{} this is another cluster than before: clusterId={} before={}; check where the names of {} lead",
                    logPrefix,
                    now,
                    before,
                    Setting.BOOTSTRAP_SERVERS);
        }
    }

    private void publish(ClusterSnapshot updated) {
        describedNanos = loop.nanos();
        Set<String> unused = new HashSet<>(updated.topics().keySet());
        topics.names().forEach(unused::remove);
        ClusterSnapshot published = updated.without(unused);
        snapshot = published;
        notifyListeners(listener -> listener.onUpdate(published));
        wakeUp.raise();
    }

    private void notifyListeners(Consumer<MetadataListener> event) {
        for (MetadataListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) { // one producer must not take the others down
                LOG.error("{} metadata listener failed: {}", logPrefix, listener, e);
            }
        }
    }

    private void expireTopics() {
        Set<String> expired = topics.expire(loop.nanos());
        if (!expired.isEmpty()) {
            LOG.debug("{} topics unused and forgotten: {}", logPrefix, expired);
            snapshot = snapshot.without(expired);
        }
        armExpiry();
    }

    private void armExpiry() {
        if (!closed) {
            expiryTimer.runAt(loop.nanos() + settings.maxIdleNanos() / 2);
        }
    }

    /** What becomes of one Metadata request. */
    private final class Refresh implements ResponseHandler<MetadataResponse> {

        private final BrokerConnection node;
        private final boolean everything;

        Refresh(BrokerConnection node, boolean everything) {
            this.node = node;
            this.everything = everything;
        }

        @Override
        public void onResponse(MetadataResponse response) {
            refreshInFlight = false;
            if (!closed) {
                take(node, response, everything);
            }
        }

        @Override
        public void onFailure(RequestFailure failure) {
            refreshInFlight = false;
            if (closed) {
                return;
            }
            if (failure.kind() == RequestFailure.Kind.NOT_SENT) {
                attemptFailed(node, failure.detail());
            } else {
                schedule.failed(loop.nanos()); // onDisconnected reports the rest
                wakeUp.raise();
            }
        }
    }

    /** What happens to the connections. */
    private final class Connections implements ConnectionListener {

        @Override
        public void onWritable(BrokerConnection connection) {
            wakeUp.raise();
        }

        @Override
        public void onDisconnected(BrokerConnection connection, Throwable cause) {
            if (closed) {
                return;
            }
            nodes.failed(connection.nodeId());
            schedule.request();
            if (connection.nodeId() < 0) {
                noteWhetherKnown(connection, cause);
            }
            refusals.failed(connection.address(), cause);
            report(connection.address(), cause.getMessage());
            wakeUp.raise();
        }

        @Override
        public void onStateChanged(
                BrokerConnection connection, ConnectionState from, ConnectionState to, String cause) {
            if (from == ConnectionState.BACKING_OFF || to == ConnectionState.CONNECTING) {
                refusals.forget(connection.address()); // who sends now waits for what becomes of the next attempt
                problems.forgetRefusal();
            }
        }

        private void noteWhetherKnown(BrokerConnection connection, Throwable cause) {
            if (cause instanceof UnknownHostException) {
                unknownBootstrap.notFound(connection.address(), connection.lastAttemptNanos());
            } else {
                unknownBootstrap.clear();
            }
        }
    }

    /** What becomes of the names in the bootstrap list. */
    private final class Bootstrap implements BootstrapList.Owner {

        @Override
        public void onBootstrapList() {
            nodes.useBootstrapList();
            wakeUp.raise();
        }

        @Override
        public void onBootstrapUnknown() {
            for (BrokerAddress address : settings.bootstrap()) {
                unknownBootstrap.notFound(address, loop.nanos());
                UnknownHostException unknown = new UnknownHostException("unknown host: " + address);
                commons.reachability().failed(address, unknown, loop.nanos());
                report(address, unknown.getMessage());
            }
        }
    }
}
