package dev.millrace.producer.internal.network;

import dev.millrace.producer.internal.concurrent.EventLoopOnly;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands in front of the handler of TLS and ends a connection over which the broker asks for a second handshake. Only
 * TLS up to 1.2 has that (RFC 5246, 7.4.1.1), and JSSE would follow. It reads the headers of records, which are never
 * encrypted: behind a change of ciphers the broker's Finished is the only handshake record. What TLS 1.3 sends after its
 * handshake, new keys and tickets, travels as application data (RFC 8446, 5.2).
 */
@EventLoopOnly
final class NettyRenegotiationGuard extends ChannelInboundHandlerAdapter {

    private static final int HEADER_BYTES = 5; // type, version (2), length (2)
    private static final int LENGTH_HIGH = 3;
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int HANDSHAKE = 22;
    private static final String WITHOUT_RENEGOTIATION = "TLSv1.3";

    private final Runnable onRenegotiation;

    private int headerBytes; // of the record that begins, while its header is not complete
    private int rest; // of the record, in bytes
    private boolean ciphersChanged;
    private int handshakeRecords; // since then
    private boolean watching; // the first handshake is done, and another one is possible
    private boolean refused;

    /**
     * For one connection.
     *
     * @param onRenegotiation ends it; runs at most once, and nothing passes from then on
     */
    NettyRenegotiationGuard(Runnable onRenegotiation) {
        this.onRenegotiation = onRenegotiation;
    }

    /**
     * The first handshake is done.
     *
     * @param protocol what was agreed on, in JSSE's words
     */
    void handshakeDone(String protocol) {
        watching = !protocol.equals(WITHOUT_RENEGOTIATION);
        judge(); // the second one may have come along with the end of the first
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && !refused) {
            look(bytes);
        }
        if (refused) {
            ReferenceCountUtil.release(message);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void look(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (headerBytes < HEADER_BYTES) {
                readHeader(bytes.getUnsignedByte(at++));
            } else {
                int passed = Math.min(rest, end - at);
                at += passed;
                rest -= passed;
            }
            if (headerBytes == HEADER_BYTES && rest == 0) {
                headerBytes = 0;
            }
        }
    }

    private void readHeader(int value) {
        if (headerBytes == 0) {
            begin(value);
        } else if (headerBytes == LENGTH_HIGH) {
            rest = value << Byte.SIZE;
        } else if (headerBytes > LENGTH_HIGH) {
            rest |= value;
        }
        headerBytes++;
    }

    private void begin(int type) {
        if (type == CHANGE_CIPHER_SPEC) {
            ciphersChanged = true;
        } else if (type == HANDSHAKE && ciphersChanged) {
            handshakeRecords++;
            judge();
        }
    }

    private void judge() {
        if (watching && handshakeRecords > 1 && !refused) {
            refused = true;
            onRenegotiation.run();
        }
    }
}
