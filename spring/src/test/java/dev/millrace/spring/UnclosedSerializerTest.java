package dev.millrace.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Headers;
import dev.millrace.producer.serialization.PayloadBuffer;
import dev.millrace.producer.serialization.SerializationContext;
import dev.millrace.producer.serialization.Serializer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnclosedSerializerTest {

    private final List<String> calls = new ArrayList<>();

    private final Serializer<String> serializer = new UnclosedSerializer<>(new Serializer<String>() {
        @Override
        public byte[] serialize(String topic, String data) {
            calls.add("serialize");
            return data.getBytes(UTF_8);
        }

        @Override
        public void serializeTo(SerializationContext context, String data, PayloadBuffer out) {
            calls.add("serializeTo");
            out.putUtf8(data);
        }

        @Override
        public void close() {
            calls.add("close");
        }
    });

    @Test
    void passesOnBothFormsAndNoClose() {
        PayloadBuffer out = new PayloadBuffer();

        assertThat(serializer.serialize("t", "v")).isEqualTo(new byte[] {'v'});
        serializer.serializeTo(SerializationContext.forValue("t", Headers.empty()), "v", out);
        serializer.close();

        assertThat(calls).containsExactly("serialize", "serializeTo");
        assertThat(out.length()).isEqualTo(1);
    }
}
