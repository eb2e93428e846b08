package dev.millrace.producer.internal;

import dev.millrace.producer.errors.ErrorCode;
import dev.millrace.producer.internal.protocol.ApiKey;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsRequest;
import dev.millrace.producer.internal.protocol.message.GetTelemetrySubscriptionsResponse;
import dev.millrace.producer.internal.protocol.message.PushTelemetryRequest;
import dev.millrace.producer.internal.protocol.message.PushTelemetryResponse;
import dev.millrace.producer.internal.simulation.SimulatedCluster;
import dev.millrace.producer.internal.simulation.SimulatedRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.shaded.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/** The brokers of a simulation with somebody behind them who takes metrics. */
final class TelemetryReceiver {

    static final UUID INSTANCE_ID = new UUID(11, 12);

    /** A request for the subscription. */
    record Question(int node, Duration at, UUID clientInstanceId) {}

    /** Metrics that arrived. */
    record Push(int node, Duration at, PushTelemetryRequest request) {

        /** All of them; only if they are not compressed. */
        List<Metric> metrics() {
            try {
                return MetricsData.parseFrom(request.metrics()).getResourceMetricsList().stream()
                        .map(ResourceMetrics::getScopeMetricsList)
                        .flatMap(List::stream)
                        .map(ScopeMetrics::getMetricsList)
                        .flatMap(List::stream)
                        .toList();
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        /** The number of a sum. */
        double sum(String name) {
            return metrics().stream()
                    .filter(metric -> metric.getName().equals("org.apache.kafka." + name))
                    .mapToDouble(metric -> metric.getSum().getDataPoints(0).getAsDouble())
                    .sum();
        }
    }

    final List<Question> questions = new ArrayList<>();
    final List<Push> pushes = new ArrayList<>();
    final Deque<ErrorCode> questionErrors = new ArrayDeque<>();
    final Deque<ErrorCode> pushErrors = new ArrayDeque<>();
    int intervalMillis = 60_000;
    int maxBytes = 1 << 20;
    int subscriptionId = 5;
    boolean delta = true;
    List<Byte> codecs = List.of();
    List<String> prefixes = List.of("*");
    Consumer<SimulatedRequest> onPush = this::answer;

    /** Behind all of these brokers. */
    TelemetryReceiver(SimulatedCluster cluster, int nodes) {
        for (int node = 1; node <= nodes; node++) {
            int id = node;
            cluster.broker(node)
                    .speaks(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, 0, 0)
                    .speaks(ApiKey.PUSH_TELEMETRY, 0, 0)
                    .on(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, request -> subscribe(id, request))
                    .on(ApiKey.PUSH_TELEMETRY, request -> take(id, request));
        }
    }

    void answer(SimulatedRequest push) {
        PushTelemetryResponse response =
                new PushTelemetryResponse(0, pushErrors.isEmpty() ? ErrorCode.NONE : pushErrors.remove());
        push.answerWith(out -> response.write(out, push.version()));
    }

    private void subscribe(int node, SimulatedRequest request) {
        questions.add(new Question(
                node,
                request.arrivedAt(),
                request.body(GetTelemetrySubscriptionsRequest::read).clientInstanceId()));
        GetTelemetrySubscriptionsResponse response = new GetTelemetrySubscriptionsResponse(
                0,
                questionErrors.isEmpty() ? ErrorCode.NONE : questionErrors.remove(),
                INSTANCE_ID,
                subscriptionId,
                codecs,
                intervalMillis,
                maxBytes,
                delta,
                prefixes);
        request.answerWith(out -> response.write(out, request.version()));
    }

    private void take(int node, SimulatedRequest request) {
        pushes.add(new Push(node, request.arrivedAt(), request.body(PushTelemetryRequest::read)));
        onPush.accept(request);
    }
}
