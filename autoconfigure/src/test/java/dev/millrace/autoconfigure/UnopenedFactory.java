package dev.millrace.autoconfigure;

import dev.millrace.producer.Producer;
import dev.millrace.spring.ProducerFactory;

/** An application's own factory, which no test here opens. */
final class UnopenedFactory implements ProducerFactory<String, String> {

    @Override
    public Producer<String, String> getSharedProducer() {
        throw new IllegalStateException("this test opens no producer");
    }

    @Override
    public String getName() {
        return "unopened";
    }
}
