package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Row 64: whatever a transaction ended with, the thread is free of it. */
final class NothingLeftBound implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                .isFalse();
    }
}
