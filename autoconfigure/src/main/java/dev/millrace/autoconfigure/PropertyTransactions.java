package dev.millrace.autoconfigure;

import dev.millrace.producer.config.ProducerConfig;
import dev.millrace.producer.config.Setting;
import dev.millrace.producer.errors.ConfigException.Violation;
import dev.millrace.spring.TransactionIdStrategy;
import dev.millrace.spring.TransactionSettings;
import dev.millrace.spring.TransactionSettings.Synchronization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.StringUtils;

/** What is set under {@code app.producer.transaction}, with the defaults that depend on something else. */
final class PropertyTransactions {

    static final String PREFIX = "app.producer.transaction.";
    static final String ENABLED = PREFIX + "enabled";
    static final String ID_PREFIX = Setting.TRANSACTIONAL_ID.springName();
    static final String INSTANCE_ID = PREFIX + "instance-id";

    private final TransactionProperties properties;
    private final @Nullable String applicationName;
    private final PropertyMapper map = PropertyMapper.get();

    /** With the application's name, from which the prefix is derived if transactions are enabled without one. */
    PropertyTransactions(TransactionProperties properties, @Nullable String applicationName) {
        this.properties = properties;
        this.applicationName = applicationName;
    }

    /** Whether two properties together enable transactions. */
    static boolean isEnabled(@Nullable Boolean enabled, @Nullable String idPrefix) {
        return enabled != null ? enabled : StringUtils.hasText(idPrefix);
    }

    boolean isEnabled() {
        return isEnabled(properties.getEnabled(), properties.getIdPrefix());
    }

    /** Whether the prefix is set, but to nothing, and that alone is why there are no transactions. */
    boolean isDisabledByBlankPrefix() {
        return properties.getEnabled() == null
                && properties.getIdPrefix() != null
                && !StringUtils.hasText(properties.getIdPrefix());
    }

    /** What every id of the application begins with; empty if nothing says what it could be. */
    String idPrefix() {
        if (StringUtils.hasText(properties.getIdPrefix())) {
            return properties.getIdPrefix().trim();
        }
        return StringUtils.hasText(applicationName) ? applicationName.trim() + "-tx-" : "";
    }

    /** What tells this instance from others; empty if it has no name. */
    String instanceId() {
        return StringUtils.hasText(properties.getInstanceId())
                ? properties.getInstanceId().trim()
                : "";
    }

    /** The id with which to check what the producers' configuration will be. */
    String anyId() {
        return TransactionIdStrategy.PREFIX_INSTANCE_SLOT.transactionalId(idPrefix(), instanceId(), 0);
    }

    /** With the timeouts of a configuration; call only without {@link #violations()}. */
    TransactionSettings settings(ProducerConfig config) {
        TransactionSettings.Builder builder = TransactionSettings.builder(idPrefix())
                .instanceId(instanceId())
                .timeout(config.transaction().timeout());
        map.from(config.delivery()::maxBlock).when(wait -> !wait.isZero()).to(builder::commitTimeout);
        map.from(properties::getMaxProducers).to(builder::maxProducers);
        map.from(properties::getAcquireTimeout).to(builder::acquireTimeout);
        map.from(properties::getProducerMaxAge).to(builder::producerMaxAge);
        map.from(properties::getProducerMaxIdle).to(builder::producerMaxIdle);
        map.from(properties::getSynchronization)
                .whenHasText()
                .as(PropertyTransactions::parse)
                .to(builder::synchronization);
        map.from(properties::getFlushBeforeCommit).to(builder::flushBeforeCommit);
        map.from(properties::getFlushTimeout).to(builder::flushTimeout);
        map.from(properties::getCommitTimeout).to(builder::commitTimeout);
        return builder.build();
    }

    /** What the engine does not check, because it knows nothing of it. */
    List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        if (isEnabled()) {
            checkPrefix(violations);
        }
        checkMaxProducers(violations);
        checkDuration("acquire-timeout", properties.getAcquireTimeout(), 0, violations);
        checkDuration("producer-max-age", properties.getProducerMaxAge(), 1, violations);
        checkDuration("producer-max-idle", properties.getProducerMaxIdle(), 1, violations);
        checkSynchronization(violations);
        checkDuration("flush-timeout", properties.getFlushTimeout(), 1, violations);
        checkDuration("commit-timeout", properties.getCommitTimeout(), 1, violations);
        if (Boolean.TRUE.equals(properties.getTwoPhaseCommit())) {
            violations.add(new Violation(
                    PREFIX + "two-phase-commit",
                    "true",
                    "two-phase commit (KIP-939) is not supported, nor finished in Kafka; remove it"));
        }
        return violations;
    }

    private void checkPrefix(List<Violation> violations) {
        String prefix = idPrefix();
        if (prefix.isEmpty()) {
            violations.add(new Violation(
                    ID_PREFIX,
                    "",
                    "must have text, as transactions are enabled and there is no spring.application.name to derive it"
                            + " from; write one that no other application of the cluster has"));
        } else if (instanceId().isEmpty() && Character.isDigit(prefix.charAt(prefix.length() - 1))) {
            violations.add(new Violation(
                    ID_PREFIX,
                    prefix,
                    "must not end with a digit, as a number follows: another prefix and a larger number make the same id;"
                            + " let it end with a dash"));
        }
    }

    private void checkMaxProducers(List<Violation> violations) {
        Integer maxProducers = properties.getMaxProducers();
        if (maxProducers != null && maxProducers < 0) {
            violations.add(new Violation(
                    PREFIX + "max-producers", maxProducers.toString(), "must be at least 0, which is no bound"));
        }
    }

    private void checkSynchronization(List<Violation> violations) {
        String text = properties.getSynchronization();
        if (!StringUtils.hasText(text)) {
            return;
        }
        try {
            parse(text);
        } catch (IllegalArgumentException unknown) {
            violations.add(new Violation(PREFIX + "synchronization", text, "must be auto or never"));
        }
    }

    private static Synchronization parse(String text) {
        return Synchronization.valueOf(text.trim().toUpperCase(Locale.ROOT));
    }

    private static void checkDuration(
            String name, @Nullable Duration duration, long minMillis, List<Violation> violations) {
        if (duration != null && duration.compareTo(Duration.ofMillis(minMillis)) < 0) {
            String reason = "must be at least " + minMillis + " ms";
            violations.add(new Violation(PREFIX + name, duration.toMillis() + " ms", reason));
        }
    }
}
