package dev.millrace.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The settings of a named producer: those of the default one, and over them its own. A value or a nested one replaces the
 * inherited one alone, a list the whole list, and the entries of a map are added. What must differ among producers is not
 * inherited as it is: the client id and the start of the transactional ids get the producer's name.
 */
final class InstanceProperties {

    private static final String ALL = "app.producer";

    private InstanceProperties() {}

    static ProducerProperties bind(ProducerInstance instance, Environment environment) {
        Binder binder = Binder.get(environment);
        ProducerProperties properties = binder.bindOrCreate(ALL, Bindable.of(ProducerProperties.class));
        if (instance.isDefault()) {
            return properties;
        }
        TransactionProperties transaction = properties.getTransaction();
        String inheritedClientId = properties.getClientId();
        String inheritedPrefix = transaction.getIdPrefix();
        properties.setClientId(null);
        transaction.setIdPrefix(null);
        binder.bind(ALL + ".instance." + instance.name(), Bindable.ofInstance(properties));
        String applicationName = environment.getProperty("spring.application.name");
        if (!StringUtils.hasText(properties.getClientId())) {
            properties.setClientId(clientId(inheritedClientId, applicationName) + "-" + instance.name());
        }
        if (!StringUtils.hasText(transaction.getIdPrefix())) {
            String inherited = idPrefix(transaction.getEnabled(), inheritedPrefix, applicationName);
            transaction.setIdPrefix(inherited == null ? null : inherited + instance.name() + "-");
        }
        return properties;
    }

    private static String clientId(@Nullable String inherited, @Nullable String applicationName) {
        if (StringUtils.hasText(inherited)) {
            return inherited.trim();
        }
        return StringUtils.hasText(applicationName) ? applicationName.trim() + "-producer" : "producer";
    }

    /** Null if there is nothing to begin with, be it that there are no transactions. */
    private static @Nullable String idPrefix(
            @Nullable Boolean enabled, @Nullable String inherited, @Nullable String applicationName) {
        TransactionProperties asInherited = new TransactionProperties();
        asInherited.setEnabled(enabled);
        asInherited.setIdPrefix(inherited);
        PropertyTransactions transactions = new PropertyTransactions(asInherited, applicationName);
        boolean isKnown = transactions.isEnabled() && !transactions.idPrefix().isEmpty();
        return isKnown ? transactions.idPrefix() : null;
    }
}
