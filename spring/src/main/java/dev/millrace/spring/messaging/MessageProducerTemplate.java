package dev.millrace.spring.messaging;

import dev.millrace.producer.ProducerRecord;
import dev.millrace.spring.ProducerOperations;
import dev.millrace.spring.SendResult;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Sends messages through a template: {@link RecordConverter} makes records of them. Safe for use by any number of threads.
 *
 * @param <K> type of the keys
 * @param <V> type of the values
 */
public class MessageProducerTemplate<K extends @Nullable Object, V extends @Nullable Object> {

    private final ProducerOperations<K, V> template;
    private final RecordConverter converter;

    /** Through this template, with the converter of this package. */
    public MessageProducerTemplate(ProducerOperations<K, V> template) {
        this(template, new DefaultRecordConverter());
    }

    /** With another converter. */
    public MessageProducerTemplate(ProducerOperations<K, V> template, RecordConverter converter) {
        this.template = Objects.requireNonNull(template, "template must not be null");
        this.converter = Objects.requireNonNull(converter, "converter must not be null");
    }

    /**
     * Sends the record the converter makes of a message, as {@link ProducerOperations#send(ProducerRecord)} does.
     *
     * @throws IllegalStateException if the message does not say where to, or not in a way that is understood
     */
    @SuppressWarnings("unchecked") // nobody but the user knows what the serializers take
    public CompletableFuture<SendResult<K, V>> send(Message<?> message) {
        Objects.requireNonNull(message, "message must not be null");
        return template.send((ProducerRecord<K, V>) converter.toRecord(message, template.getDefaultTopic()));
    }

    /** What sends the records. */
    public ProducerOperations<K, V> getTemplate() {
        return template;
    }
}
