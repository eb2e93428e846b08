package dev.millrace.spring.observation;

import dev.millrace.producer.Header;
import dev.millrace.producer.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The headers a tracer wants a record to have: the carrier of its propagation. Confined to one send. */
public final class TraceHeaders {

    private final Map<String, String> values = new LinkedHashMap<>();

    TraceHeaders() {}

    /** Sets a header in place of any other with this key. */
    public void set(String key, String value) {
        values.put(key, value);
    }

    /** Whether the tracer wants none. */
    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The record's headers with these, which replace those of the same keys. */
    Headers addTo(Headers headers) {
        List<Header> merged = new ArrayList<>(headers.size() + values.size());
        for (Header header : headers) {
            if (!values.containsKey(header.key())) {
                merged.add(header);
            }
        }
        Headers all = Headers.of(merged);
        for (Map.Entry<String, String> value : values.entrySet()) {
            all = all.with(value.getKey(), value.getValue());
        }
        return all;
    }
}
