package dev.millrace.producer.internal.simulation;

import dev.millrace.producer.internal.network.BrokerAddress;
import dev.millrace.producer.internal.network.Transport;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The network as one process sees it: with the process its connections end, and nothing that waits leaves it any more. */
public final class MortalTransport implements Transport {

    private final SimulatedTransport network;
    private final MortalLoop process;
    private final List<Channel> channels = new ArrayList<>();

    /** Of a process. */
    public MortalTransport(SimulatedTransport network, MortalLoop process) {
        this.network = network;
        this.process = process;
    }

    /** Ends the connections of a process that has died. */
    public void closeAll() {
        channels.forEach(Channel::close);
        channels.clear();
    }

    @Override
    public Channel connect(BrokerAddress address, ChannelListener listener) {
        Channel channel = network.connect(address, new Mortal(listener));
        channels.add(channel);
        return channel;
    }

    @Override
    public boolean isEncrypted() {
        return network.isEncrypted();
    }

    @Override
    public void canonicalNames(String host, Consumer<List<String>> answer) {
        network.canonicalNames(host, names -> {
            if (!process.isDead()) {
                answer.accept(names);
            }
        });
    }

    private final class Mortal implements ChannelListener {

        private final ChannelListener listener;

        Mortal(ChannelListener listener) {
            this.listener = listener;
        }

        @Override
        public void onOpen() {
            if (!process.isDead()) {
                listener.onOpen();
            }
        }

        @Override
        public void onFrame(ByteBuffer frame) {
            if (!process.isDead()) {
                listener.onFrame(frame);
            }
        }

        @Override
        public void onClosed(Throwable cause) {
            if (!process.isDead()) {
                listener.onClosed(cause);
            }
        }
    }
}
