package dev.millrace.producer.internal.protocol.message;

import static dev.millrace.producer.internal.protocol.WireBytes.hex;
import static dev.millrace.producer.internal.protocol.WireBytes.join;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.ApiRequest;
import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.WireReader;
import dev.millrace.producer.internal.protocol.WireWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, the broker's side of the APIs of transactions, SASL and telemetry reads it or says it is malformed. */
class RequestDecoderProperty {

    private static final int MESSAGES = 20;
    private static final int MUTATIONS = 100;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final RandomMessages messages = new RandomMessages(random);

    private final List<Decoder> decoders = List.of(
            new Decoder(ApiKey.FIND_COORDINATOR, messages::findCoordinatorRequest, FindCoordinatorRequest::read),
            new Decoder(
                    ApiKey.ADD_PARTITIONS_TO_TXN,
                    version -> messages.addPartitionsToTxnRequest(),
                    AddPartitionsToTxnRequest::read),
            new Decoder(
                    ApiKey.ADD_OFFSETS_TO_TXN,
                    version -> messages.addOffsetsToTxnRequest(),
                    AddOffsetsToTxnRequest::read),
            new Decoder(ApiKey.TXN_OFFSET_COMMIT, messages::txnOffsetCommitRequest, TxnOffsetCommitRequest::read),
            new Decoder(ApiKey.END_TXN, version -> messages.endTxnRequest(), EndTxnRequest::read),
            new Decoder(ApiKey.SASL_HANDSHAKE, version -> messages.saslHandshakeRequest(), SaslHandshakeRequest::read),
            new Decoder(
                    ApiKey.SASL_AUTHENTICATE,
                    version -> messages.saslAuthenticateRequest(),
                    SaslAuthenticateRequest::read),
            new Decoder(
                    ApiKey.GET_TELEMETRY_SUBSCRIPTIONS,
                    version -> messages.getTelemetrySubscriptionsRequest(),
                    GetTelemetrySubscriptionsRequest::read),
            new Decoder(ApiKey.PUSH_TELEMETRY, version -> messages.pushTelemetryRequest(), PushTelemetryRequest::read));

    private record Decoder(
            ApiKey key, Function<Short, ApiRequest<?>> random, BiFunction<WireReader, Short, ApiRequest<?>> read) {

        byte[] body(short version) {
            WireWriter out = new WireWriter();
            out.setFlexible(key.isFlexible(version));
            random.apply(version).write(out, version);
            List<ByteBuffer> frame = out.toFrame();
            return join(frame.subList(1, frame.size()));
        }

        ApiRequest<?> decode(byte[] body, short version) {
            WireReader in = new WireReader(ByteBuffer.wrap(body));
            in.setFlexible(key.isFlexible(version));
            ApiRequest<?> request = read.apply(in, version);
            in.endFrame();
            return request;
        }
    }

    @Test
    void refusesEveryTruncation() {
        forEachMessage((decoder, version, body) -> {
            for (int length = 0; length < body.length; length++) {
                byte[] truncated = Arrays.copyOf(body, length);
                assertThatExceptionOfType(MalformedResponseException.class)
                        .as("%s v%d, %d B, seed %d", decoder.key(), version, length, seed)
                        .isThrownBy(() -> decoder.decode(truncated, version));
            }
        });
    }

    @Test
    void survivesEveryMutation() {
        forEachMessage((decoder, version, body) -> {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = body.clone();
                for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                    mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
                }
                assertSucceedsOrIsMalformed(decoder, version, mutated);
            }
        });
    }

    private void assertSucceedsOrIsMalformed(Decoder decoder, short version, byte[] mutated) {
        try {
            decoder.decode(mutated, version);
        } catch (MalformedResponseException expected) {
            // the right answer to most mutations
        } catch (RuntimeException | Error e) {
            throw new AssertionError(
                    "%s v%d fails on %s (seed %d)".formatted(decoder.key(), version, hex(mutated), seed), e);
        }
    }

    private void forEachMessage(Check check) {
        for (Decoder decoder : decoders) {
            short newest = decoder.key().versions().max();
            for (short version = decoder.key().versions().min(); version <= newest; version++) {
                for (int i = 0; i < MESSAGES; i++) {
                    check.accept(decoder, version, decoder.body(version));
                }
            }
        }
    }

    @FunctionalInterface
    private interface Check {
        void accept(Decoder decoder, short version, byte[] body);
    }
}
