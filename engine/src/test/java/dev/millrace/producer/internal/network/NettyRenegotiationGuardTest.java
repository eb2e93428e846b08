package dev.millrace.producer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a broker's records say from outside, in all pieces a network makes of them. */
class NettyRenegotiationGuardTest {

    private static final int CIPHERS = 20;
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;

    private final AtomicInteger refusals = new AtomicInteger();
    private final NettyRenegotiationGuard guard = new NettyRenegotiationGuard(refusals::incrementAndGet);
    private final EmbeddedChannel channel = new EmbeddedChannel(guard);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    /** A record of a type; what is in it looks like the header of a handshake record. */
    private static byte[] record(int type, int bytes) {
        byte[] record = new byte[5 + bytes];
        for (int i = 5; i < record.length; i++) {
            record[i] = HANDSHAKE;
        }
        record[0] = (byte) type;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (bytes >> 8);
        record[4] = (byte) bytes;
        return record;
    }

    private ByteBuf receive(int pieceBytes, byte[]... records) {
        ByteBuf all = Unpooled.wrappedBuffer(records);
        ByteBuf last = all;
        while (all.isReadable()) {
            last = all.readBytes(Math.min(pieceBytes, all.readableBytes()));
            channel.writeInbound(last);
        }
        return last;
    }

    private int passed() {
        int bytes = 0;
        for (ByteBuf each = channel.readInbound(); each != null; each = channel.readInbound()) {
            bytes += each.readableBytes();
            each.release();
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 100_000})
    void letsAHandshakeAndDataPass(int pieceBytes) {
        receive(pieceBytes, record(HANDSHAKE, 3_000), record(HANDSHAKE, 70), record(CIPHERS, 1), record(HANDSHAKE, 40));
        guard.handshakeDone("TLSv1.2");
        receive(pieceBytes, record(DATA, 0), record(DATA, 16_400), record(DATA, 300));

        assertThat(refusals).hasValue(0);
        assertThat(passed()).isEqualTo(7 * 5 + 3_000 + 70 + 1 + 40 + 16_400 + 300);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100, 100_000})
    void refusesAHandshakeBehindIt(int pieceBytes) {
        receive(pieceBytes, record(HANDSHAKE, 70), record(CIPHERS, 1), record(HANDSHAKE, 40));
        guard.handshakeDone("TLSv1.2");
        receive(pieceBytes, record(DATA, 300));
        assertThat(refusals).hasValue(0);
        passed();

        ByteBuf last = receive(pieceBytes, record(HANDSHAKE, 40), record(DATA, 300));

        assertThat(refusals).as("told once").hasValue(1);
        assertThat(passed()).as("bytes that JSSE would follow").isZero();
        assertThat(last.refCnt()).isZero();
    }

    /** Both in one segment: the guard sees the second one before the handler of TLS is done with the first. */
    @Test
    void refusesOneThatCameWithTheEndOfTheFirst() {
        receive(100_000, record(HANDSHAKE, 70), record(CIPHERS, 1), record(HANDSHAKE, 40), record(HANDSHAKE, 40));
        assertThat(refusals).hasValue(0);

        guard.handshakeDone("TLSv1.2");

        assertThat(refusals).hasValue(1);
    }

    /** RFC 8446: a first hello that asks for another group, a change of ciphers that means nothing, a second hello. */
    @Test
    void letsTls13BeginTwice() {
        receive(100, record(HANDSHAKE, 70), record(CIPHERS, 1), record(HANDSHAKE, 600), record(HANDSHAKE, 600));
        guard.handshakeDone("TLSv1.3");
        receive(100, record(DATA, 250), record(DATA, 22));

        assertThat(refusals).hasValue(0);
    }
}
