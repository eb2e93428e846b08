package dev.millrace.producer.internal.telemetry;

import dev.millrace.producer.internal.protocol.MalformedResponseException;
import dev.millrace.producer.internal.protocol.ResponseFrame;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;

/** Whatever the cluster wants to know: pushes have pauses between them, and codecs are told once. */
public final class SubscriptionFuzz {

    private static final GetTelemetrySubscriptionsRequest REQUEST =
            new GetTelemetrySubscriptionsRequest(new UUID(0, 0));

    private SubscriptionFuzz() {}

    /** Tries one input, which is an answer behind its correlation id. */
    public static void fuzzerTestOneInput(byte[] data) {
        Subscription subscription;
        try {
            subscription = Subscription.of(ResponseFrame.decode(ByteBuffer.wrap(data), REQUEST, (short) 0));
        } catch (MalformedResponseException expected) {
            return;
        }
        if (subscription.intervalNanos() < Duration.ofMillis(1).toNanos()) {
            throw new IllegalStateException("no pause: " + subscription);
        }
        if (subscription.codecs().stream().distinct().count()
                != subscription.codecs().size()) {
            throw new IllegalStateException("a codec twice: " + subscription);
        }
        if (subscription.isEmpty() && subscription.wants("org.apache.kafka.producer")) {
            throw new IllegalStateException("wants what it does not want: " + subscription);
        }
    }
}
