package dev.millrace.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Row 6: an application that has no spring-tx. */
class WithoutSpringTxTest {

    /** What the application does: runs in a class loader of its own. */
    public static final class Application implements Runnable {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // what becomes of records is seen by what is committed
        public void run() {
            FakeTransactions cluster = new FakeTransactions();
            DefaultProducerFactory<String, String> factory =
                    cluster.factory(FakeTransactions.settings().build());
            ProducerTemplate<String, String> template = new ProducerTemplate<>(factory);
            assertThatThrownBy(() -> template.send("orders", "x"))
                    .isInstanceOf(TransactionRequiredForSendException.class);
            template.executeInTransaction(operations -> {
                assertThatThrownBy(() -> operations.executeInTransaction(inner -> ""))
                        .isInstanceOf(NestedLocalTransactionException.class);
                return operations.send("orders", "a");
            });
            assertThat(cluster.committed()).containsExactly("a");
            assertThat(template.inTransaction()).isFalse();

            factory.reset();
            DefaultProducerFactory<String, String> plain =
                    cluster.factory(FakeTransactions.settings().build());
            plain.setTransactionSettings(null);
            new ProducerTemplate<>(plain).send("orders", "b");
            assertThat(cluster.shared.sent).hasSize(1);
        }
    }

    /** Loads this module's classes anew and finds nothing of spring-tx. */
    private static final class Filtered extends ClassLoader {

        Filtered() {
            super(WithoutSpringTxTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.springframework.transaction.")) {
                throw new ClassNotFoundException(name + " is filtered");
            }
            if (!name.startsWith("dev.millrace.spring.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (@Nullable InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException failure) {
                throw new ClassNotFoundException(name, failure);
            }
        }
    }

    @Test
    @DisplayName("6: sends, and does local transactions, without spring-tx")
    void worksWithoutSpringTx() throws Exception {
        Class<?> application = new Filtered().loadClass(Application.class.getName());
        assertThat(application).isNotSameAs(Application.class);
        ((Runnable) application.getDeclaredConstructor().newInstance()).run();
    }
}
