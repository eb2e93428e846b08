package dev.millrace.autoconfigure;

import dev.millrace.producer.security.CredentialsSupplier;
import dev.millrace.producer.security.UserCredentials;
import dev.millrace.spring.SaslCredentialsProvider;

/** The credentials of one producer, of a bean that knows those of all. Equal if the bean and the producer are. */
record ProvidedCredentials(String beanName, SaslCredentialsProvider provider, String producer)
        implements CredentialsSupplier {

    @Override
    public UserCredentials get() throws Exception {
        return provider.getCredentials(producer);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return provider.onChange(listener);
    }

    @Override
    public String name() {
        return "bean '" + beanName + "'";
    }

    /** Not that of the bean, which is its author's. */
    @Override
    public String toString() {
        return name();
    }
}
