package dev.millrace.autoconfigure;

import dev.millrace.spring.ProducerStartupException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says that no broker was there when the application had to know. */
final class ProducerStartupFailureAnalyzer extends AbstractFailureAnalyzer<ProducerStartupException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ProducerStartupException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Check app.producer.bootstrap-servers and that the brokers run; if what stood in the way is"
                        + " TLS or a login, app.producer.ssl and app.producer.sasl. Otherwise give them more time with"
                        + " app.producer.startup-timeout, or let the application start without them by removing"
                        + " app.producer.fail-fast.",
                cause);
    }
}
