package dev.millrace.producer.internal.fuzz;

import dev.millrace.producer.internal.compression.DecompressionFuzz;
import dev.millrace.producer.internal.metadata.MetadataFuzz;
import dev.millrace.producer.internal.network.FrameDecoderFuzz;
import dev.millrace.producer.internal.network.TlsFuzz;
import dev.millrace.producer.internal.network.security.SaslFuzz;
import dev.millrace.producer.internal.protocol.message.ResponseFuzz;
import dev.millrace.producer.internal.record.RecordBatchFuzz;
import dev.millrace.producer.internal.telemetry.SubscriptionFuzz;
import java.util.function.Consumer;

/** What is tried with inputs of any kind. A target returns; whatever it throws is a finding. */
enum FuzzTarget {
    /** All decoders of responses. */
    RESPONSE(ResponseFuzz.class, ResponseFuzz::fuzzerTestOneInput),
    /** What cuts the stream into frames. */
    FRAME_DECODER(FrameDecoderFuzz.class, FrameDecoderFuzz::fuzzerTestOneInput),
    /** What metadata does to the picture of the cluster. */
    METADATA(MetadataFuzz.class, MetadataFuzz::fuzzerTestOneInput),
    /** Authentications by all mechanisms but GSSAPI. */
    SASL(SaslFuzz.class, SaslFuzz::fuzzerTestOneInput),
    /** Handshakes of TLS with somebody who has no keys. */
    TLS(TlsFuzz.class, TlsFuzz::fuzzerTestOneInput),
    /** What the cluster wants to know. */
    SUBSCRIPTION(SubscriptionFuzz.class, SubscriptionFuzz::fuzzerTestOneInput),
    /** Batches of records, compressed or not. */
    RECORD_BATCH(RecordBatchFuzz.class, RecordBatchFuzz::fuzzerTestOneInput),
    /** The containers of the codecs. */
    DECOMPRESSION(DecompressionFuzz.class, DecompressionFuzz::fuzzerTestOneInput);

    private final Class<?> type;
    private final Consumer<byte[]> attempt;

    FuzzTarget(Class<?> type, Consumer<byte[]> attempt) {
        this.type = type;
        this.attempt = attempt;
    }

    /** The class with the entry point, as a fuzzer wants it. */
    Class<?> type() {
        return type;
    }

    /** The simple name of the class; also that of its files. */
    String fileName() {
        return type.getSimpleName();
    }

    /** Tries one input. */
    void attempt(byte[] input) {
        attempt.accept(input);
    }
}
