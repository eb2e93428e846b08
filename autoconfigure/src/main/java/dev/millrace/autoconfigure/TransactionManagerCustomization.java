package dev.millrace.autoconfigure;

import org.springframework.transaction.PlatformTransactionManager;

/** What the application's customizers and {@code spring.transaction} do to a manager. */
@FunctionalInterface
interface TransactionManagerCustomization {

    void applyTo(PlatformTransactionManager manager);
}
