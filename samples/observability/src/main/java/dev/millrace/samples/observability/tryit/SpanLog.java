package dev.millrace.samples.observability.tryit;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Keeps all spans, where an application would send them to a collector. */
@Component
@Profile("try-it")
class SpanLog implements SpanExporter {
    private final List<SpanData> spans = new CopyOnWriteArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
        spans.addAll(ended);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    /** The spans of one trace as lines, each below its parent. */
    List<String> tree(String traceId) {
        List<SpanData> trace =
                spans.stream().filter(span -> span.getTraceId().equals(traceId)).toList();
        List<String> lines = new ArrayList<>();
        trace.stream()
                .filter(span ->
                        trace.stream().noneMatch(other -> other.getSpanId().equals(span.getParentSpanId())))
                .forEach(root -> append(root, trace, "", lines));
        return lines;
    }

    private static void append(SpanData span, List<SpanData> trace, String indentation, List<String> lines) {
        lines.add(indentation + span.getName() + " " + span.getKind());
        trace.stream()
                .filter(other -> other.getParentSpanId().equals(span.getSpanId()))
                .forEach(child -> append(child, trace, indentation + "  ", lines));
    }
}
