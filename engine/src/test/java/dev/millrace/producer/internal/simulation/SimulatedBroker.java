package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.RequestHeader;
import dev.millrace.producer.internal.protocol.VersionRange;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse;
import dev.millrace.producer.internal.protocol.message.ApiVersionsResponse.ApiVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A broker that follows a script. Negotiates by itself; every other API needs an answer given with {@link #on}, or the
 * test fails at the first request. Each request is kept in {@link #requests()}, in order of arrival.
 *
 * <pre>
 * broker.speaks(ApiKey.METADATA, 7, 12);                          // an older one
 * broker.on(ApiKey.PRODUCE, request -&gt; request.answer(response));  // or delay, drop, garble, close
 * broker.goDown();                                                // connections break, new ones are refused
 * </pre>
 */
public final class SimulatedBroker {

    /** A broker offers them only if it has somebody to give metrics to. */
    private static final Set<ApiKey> TELEMETRY = Set.of(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY);

    private final SimulatedEventLoop loop;
    private final BrokerAddress address;
    private final Map<ApiKey, VersionRange> spoken = new EnumMap<>(ApiKey.class);
    private final Map<ApiKey, Consumer<SimulatedRequest>> answers = new EnumMap<>(ApiKey.class);
    private final List<SimulatedRequest> requests = new ArrayList<>();
    private final List<SimulatedChannel> channels = new ArrayList<>();
    private long featuresEpoch = -1;
    private Map<String, Short> features = Map.of();
    private boolean down;
    private boolean takesConnections = true;
    private boolean reads = true;
    private boolean readsHalfAFrame;
    private @Nullable SimulatedSasl sasl; // null while it takes every client

    SimulatedBroker(SimulatedEventLoop loop, BrokerAddress address) {
        this.loop = loop;
        this.address = address;
        for (ApiKey key : ApiKey.values()) {
            spoken.put(key, key.versions());
        }
        spoken.keySet().removeAll(TELEMETRY);
        on(ApiKey.API_VERSIONS, request -> request.answer(versions()));
    }

    /** Where it listens. */
    public BrokerAddress address() {
        return address;
    }

    /** From now on it offers these versions of an API. */
    public SimulatedBroker speaks(ApiKey key, int min, int max) {
        spoken.put(key, new VersionRange((short) min, (short) max));
        return this;
    }

    /** From now on it does with requests of an API what the script says; replaces what was said before. */
    public SimulatedBroker on(ApiKey key, Consumer<SimulatedRequest> script) {
        answers.put(key, script);
        return this;
    }

    /** From now on it wants to know who its clients are; null for any more. */
    public SimulatedBroker authenticates(@Nullable SimulatedSasl rules) {
        sasl = rules;
        return this;
    }

    /** From now on it says that these are the features of the cluster, to clients that connect (KIP-584). */
    public SimulatedBroker features(long epoch, Map<String, Short> levels) {
        featuresEpoch = epoch;
        features = Map.copyOf(levels);
        return this;
    }

    /** Its normal answer to ApiVersions. */
    public ApiVersionsResponse versions() {
        List<ApiVersion> offered = new ArrayList<>();
        spoken.forEach((key, range) -> offered.add(new ApiVersion(key.id(), range.min(), range.max())));
        return new ApiVersionsResponse(ErrorCode.NONE, offered, 0, featuresEpoch, features);
    }

    /** All requests so far, in order of arrival. */
    public List<SimulatedRequest> requests() {
        return List.copyOf(requests);
    }

    /** The requests of one API so far. */
    public List<SimulatedRequest> requests(ApiKey key) {
        return requests.stream().filter(request -> request.apiKey() == key).toList();
    }

    /** How many connections are open. */
    public int connections() {
        return channels.size();
    }

    /** Breaks all connections; new ones are refused until {@link #comeUp()}. */
    public void goDown() {
        down = true;
        closeConnections();
    }

    /** Takes connections again. */
    public void comeUp() {
        down = false;
        takesConnections = true;
        resumeReading();
    }

    /** From now on attempts to connect are neither taken nor refused, as by a machine that is switched off. */
    public void ignoreConnections() {
        takesConnections = false;
    }

    /** From now on nothing leaves the client: frames stay unwritten, and their buffers in use. */
    public void stopReading() {
        reads = false;
    }

    /** As {@link #stopReading()}, but in the middle of a frame: of the next one on each connection half leaves the client. */
    public void stopReadingWithinAFrame() {
        reads = false;
        readsHalfAFrame = true;
    }

    /** The frames that were not read to their end, as the client would write them now. */
    public List<ByteBuffer> unread() {
        return channels.stream()
                .flatMap(channel -> channel.unwritten().stream())
                .toList();
    }

    /** Reads again, beginning with what waits. */
    public void resumeReading() {
        reads = true;
        readsHalfAFrame = false;
        for (SimulatedChannel channel : List.copyOf(channels)) {
            loop.execute(channel::writeQueued);
        }
    }

    /** Breaks all connections. */
    public void closeConnections() {
        endConnections(new IOException("connection to " + address + " closed by the other side"));
    }

    /** Ends all connections with this, as a fatal alert of TLS does. */
    public void endConnections(Throwable cause) {
        for (SimulatedChannel channel : List.copyOf(channels)) {
            loop.execute(() -> channel.end(cause));
        }
    }

    boolean isDown() {
        return down;
    }

    boolean takesConnections() {
        return takesConnections;
    }

    boolean reads() {
        return reads;
    }

    boolean readsHalfAFrame() {
        return readsHalfAFrame;
    }

    void connected(SimulatedChannel channel) {
        channels.add(channel);
    }

    void disconnected(SimulatedChannel channel) {
        channels.remove(channel);
    }

    void receive(SimulatedChannel channel, ByteBuffer frame) {
        WireReader in = new WireReader(frame);
        RequestHeader header = RequestHeader.read(in);
        ApiKey key = ApiKey.of(header.apiKey());
        if (key == null) {
            throw new AssertionError(address + " got a request of an API nobody knows: " + header);
        }
        SimulatedRequest request = new SimulatedRequest(loop, channel, key, header, in);
        requests.add(request);
        if (sasl != null && !sasl.admits(request)) {
            return;
        }
        Consumer<SimulatedRequest> script = answers.get(key);
        if (script == null) {
            throw new AssertionError(address + " has no answer for " + request);
        }
        script.accept(request);
    }
}
