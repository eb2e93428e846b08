package dev.millrace.spring.messaging;

import dev.millrace.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/** Makes records of messages. Must be safe for use by several threads. */
@FunctionalInterface
public interface RecordConverter {

    /**
     * The record for a message.
     *
     * @param defaultTopic where it goes if the message does not say; null if there is no such place
     * @throws IllegalStateException if the message does not say where to, or not in a way that is understood
     */
    ProducerRecord<?, ?> toRecord(Message<?> message, @Nullable String defaultTopic);
}
