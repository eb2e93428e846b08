package dev.millrace.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * What a node does about a request.
 *
 * @param kind whether anything is sent
 * @param frame what is sent, in pieces
 * @param delay how long the answer is held back
 * @param mute for how long nothing more of the connection is served behind it (KIP-219)
 */
record Answer(Kind kind, List<ByteBuffer> frame, Duration delay, Duration mute) {

    /** Nothing is due: the next request is served. */
    static final Answer NOTHING = new Answer(Kind.NOTHING, List.of(), Duration.ZERO, Duration.ZERO);

    /** The request hangs, and everything behind it on its connection. */
    static final Answer SILENCE = new Answer(Kind.SILENCE, List.of(), Duration.ZERO, Duration.ZERO);

    /** The connection is closed. */
    static final Answer CUT = new Answer(Kind.CUT, List.of(), Duration.ZERO, Duration.ZERO);

    enum Kind {
        REPLY,
        NOTHING,
        SILENCE,
        CUT
    }

    static Answer reply(List<ByteBuffer> frame) {
        return new Answer(Kind.REPLY, frame, Duration.ZERO, Duration.ZERO);
    }

    Answer after(Duration wait) {
        return new Answer(kind, frame, delay.plus(wait), mute);
    }

    Answer thenMuteFor(Duration wait) {
        return new Answer(kind, frame, delay, wait);
    }
}
