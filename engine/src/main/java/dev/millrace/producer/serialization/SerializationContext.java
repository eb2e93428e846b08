package dev.millrace.producer.serialization;

import dev.millrace.producer.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a serializer may know about the record it works for, and where it adds headers.
 *
 * <p>Valid only during the call: the engine uses one context for many records. Confined to the thread of the call.
 */
public final class SerializationContext {

    private String topic;
    private boolean key;
    private Headers headers;

    private SerializationContext(String topic, boolean key, Headers headers) {
        this.topic = topic;
        this.key = key;
        this.headers = headers;
    }

    /** A context for the key of a record with these headers. */
    public static SerializationContext forKey(String topic, Headers headers) {
        return new SerializationContext(topic, true, headers);
    }

    /** A context for the value of a record with these headers. */
    public static SerializationContext forValue(String topic, Headers headers) {
        return new SerializationContext(topic, false, headers);
    }

    /** Where the record goes. */
    public String topic() {
        return topic;
    }

    /** Whether the key is serialized, not the value. */
    public boolean isKey() {
        return key;
    }

    /** The record's headers, with those that serializers have added so far. */
    public Headers headers() {
        return headers;
    }

    /** Adds one header at the end. The value is not copied. */
    public void addHeader(String name, byte @Nullable [] value) {
        headers = headers.with(name, value);
    }

    /** For whoever calls serializers: turns this into the context for the key of the next record. */
    public void startKey(String nextTopic, Headers nextHeaders) {
        if (!topic.equals(nextTopic)) { // a store into an old object costs more than looking
            topic = nextTopic;
        }
        if (!(headers.isEmpty() && nextHeaders.isEmpty())) {
            headers = nextHeaders;
        }
        key = true;
    }

    /** For whoever calls serializers: goes on to the value of the same record; headers added for the key stay. */
    public void startValue() {
        key = false;
    }
}
