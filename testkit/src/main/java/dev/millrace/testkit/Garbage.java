package dev.millrace.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Random;

/** Answers that are no answers, see {@link FakeCluster#answerGarbage}. The connection stays open behind them. */
public enum Garbage {
    /** A frame with the right correlation id and a body of random bytes, the same in every run. */
    RANDOM_BODY {
        @Override
        ByteBuffer answerTo(int correlationId) {
            byte[] body = new byte[RANDOM_BYTES];
            new Random(RANDOM_SEED).nextBytes(body);
            return frame(correlationId, body);
        }
    },
    /** A frame with the right correlation id and nothing behind it. */
    EMPTY_BODY {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return frame(correlationId, new byte[0]);
        }
    },
    /** A frame that answers a request nobody sent. */
    WRONG_CORRELATION_ID {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return frame(correlationId + 1_000_000, new byte[RANDOM_BYTES]);
        }
    },
    /** A length of 2 GiB. */
    OVERSIZED_LENGTH {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(Integer.MAX_VALUE)
                    .putInt(correlationId)
                    .flip();
        }
    },
    /** A length below zero. */
    NEGATIVE_LENGTH {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(-2)
                    .putInt(correlationId)
                    .flip();
        }
    },
    /** The alert of a TLS listener that was spoken to in the clear: fatal, unexpected message. */
    TLS_ALERT {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return ByteBuffer.wrap(new byte[] {0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x0a});
        }
    },
    /** The answer of a web server. */
    HTTP {
        @Override
        ByteBuffer answerTo(int correlationId) {
            return ByteBuffer.wrap("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        }
    };

    private static final int RANDOM_BYTES = 64;
    private static final long RANDOM_SEED = 20_260_101;

    abstract ByteBuffer answerTo(int correlationId);

    private static ByteBuffer frame(int correlationId, byte[] body) {
        return ByteBuffer.allocate(2 * Integer.BYTES + body.length)
                .putInt(Integer.BYTES + body.length)
                .putInt(correlationId)
                .put(body)
                .flip();
    }
}
