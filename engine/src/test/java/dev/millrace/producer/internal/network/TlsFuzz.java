package dev.millrace.producer.internal.network;

import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Whatever a peer without keys says to a client of TLS, nothing of it is taken for a broker's words, and little of it is
 * kept. The first byte of an input gives the size of the pieces in which the rest arrives.
 */
public final class TlsFuzz {

    private static final int MAX_KEPT_BYTES = 256 << 10; // a few records of the largest size, in and out

    private TlsFuzz() {}

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        int pieceBytes = 1 + (data[0] & 0xff);
        try (DecodedStream peer = DecodedStream.overTls(engine())) {
            for (int at = 1; at < data.length && peer.closeCause() == null; at += pieceBytes) {
                peer.receive(Arrays.copyOfRange(data, at, Math.min(data.length, at + pieceBytes)));
            }
            if (peer.isOpen() || !peer.frames().isEmpty()) {
                throw new IllegalStateException("believed: open=" + peer.isOpen() + " frames=" + peer.frames());
            }
            if (peer.usedBytes() > MAX_KEPT_BYTES) {
                throw new IllegalStateException("keeps " + peer.usedBytes() + " B of " + data.length);
            }
            Throwable cause = peer.closeCause();
            if (cause != null && !String.valueOf(cause.getMessage()).contains("broker:9092")) {
                throw new IllegalStateException("does not say who was refused", cause);
            }
        }
    }

    private static SSLEngine engine() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("broker", 9092);
            engine.setUseClientMode(true);
            return engine;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
