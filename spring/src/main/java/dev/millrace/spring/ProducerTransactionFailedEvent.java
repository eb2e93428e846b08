package dev.millrace.spring;

/**
 * Records sent after the surrounding transaction was committed could not be committed, and nobody could be told: Spring
 * drops what fails that late.
 *
 * @param producerName the factory's name, as in its log lines
 * @param failure what became of the transaction
 */
public record ProducerTransactionFailedEvent(String producerName, ProducerOperationException failure) {}
