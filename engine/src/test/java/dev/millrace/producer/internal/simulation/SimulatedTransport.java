package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.Transport;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A network in memory: {@link SimulatedBroker}s by address. Where no broker was made, or it is down, nothing listens.
 *
 * <pre>
 * SimulatedTransport network = new SimulatedTransport(loop);
 * SimulatedBroker broker = network.broker("kafka", 9092);
 * broker.on(ApiKey.METADATA, request -&gt; request.answer(aMetadataResponse()));
 * </pre>
 */
public final class SimulatedTransport implements Transport {

    private final SimulatedEventLoop loop;
    private final Map<BrokerAddress, SimulatedBroker> brokers = new LinkedHashMap<>();
    private final List<BrokerAddress> attempts = new ArrayList<>();
    private final Map<String, List<String>> canonicalNames = new HashMap<>();
    private final Set<String> unknownHosts = new HashSet<>();
    private final Map<BrokerAddress, Throwable> refusals = new HashMap<>();

    private boolean encrypted;

    /** A network without brokers. */
    public SimulatedTransport(SimulatedEventLoop loop) {
        this.loop = loop;
    }

    SimulatedEventLoop loop() {
        return loop;
    }

    /** The broker at an address, made on first use; up and running. */
    public SimulatedBroker broker(String host, int port) {
        return brokers.computeIfAbsent(new BrokerAddress(host, port), address -> new SimulatedBroker(loop, address));
    }

    /** Every attempt to connect, in order. */
    public List<BrokerAddress> attempts() {
        return attempts;
    }

    /** From now on reverse lookups of a host give these names; none means that the host is unknown. */
    public void canonicalNames(String host, String... names) {
        canonicalNames.put(host, List.of(names));
    }

    /** From now on nobody knows where a host is. */
    public void forgetHost(String host) {
        unknownHosts.add(host);
    }

    /** The host is known again. */
    public void rememberHost(String host) {
        unknownHosts.remove(host);
    }

    /** From now on connections to an address end with this before they are open, as after a failed handshake. */
    public void refuse(BrokerAddress address, Throwable cause) {
        refusals.put(address, cause);
    }

    /** Takes {@link #refuse} back. */
    public void accept(BrokerAddress address) {
        refusals.remove(address);
    }

    /** From now on channels are as after a TLS handshake. */
    public void encrypt() {
        encrypted = true;
    }

    @Override
    public boolean isEncrypted() {
        return encrypted;
    }

    @Override
    public void canonicalNames(String host, Consumer<List<String>> answer) {
        loop.execute(() -> answer.accept(canonicalNames.getOrDefault(host, List.of())));
    }

    @Override
    public Channel connect(BrokerAddress address, ChannelListener listener) {
        attempts.add(address);
        SimulatedBroker broker = brokers.get(address);
        SimulatedChannel channel = new SimulatedChannel(loop, broker, address, listener);
        Throwable refusal = refusals.get(address);
        if (refusal != null) {
            loop.execute(() -> channel.end(refusal));
        } else if (unknownHosts.contains(address.host())) {
            loop.execute(() -> channel.end(new UnknownHostException("unknown host: " + address)));
        } else if (broker == null || broker.isDown()) {
            loop.execute(() -> channel.end(new IOException("nothing listens at " + address + " (connection refused)")));
        } else if (broker.takesConnections()) {
            loop.execute(channel::open);
        }
        return channel;
    }
}
