package dev.millrace.producer.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.producer.errors.ConfigException.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What makes a configuration valid: the range of each setting, then the rows of a table of rules across settings. A
 * rule that reads a refused setting is skipped, as its word would be noise.
 */
final class ConfigRules {

    static final int MAX_IN_FLIGHT_WITH_IDEMPOTENCE = 5;

    /**
     * Rows are checked and reported in this order. The first five are those of the reference (kafka-clients 4.3,
     * ProducerConfig); the others refuse what the reference corrects in silence or fails on later.
     */
    private static final List<Rule> ACROSS_SETTINGS = List.of(
            new Rule(ConfigRules::idempotenceNeedsAllAcks, Setting.IDEMPOTENCE, Setting.ACKS, Setting.TRANSACTIONAL_ID),
            new Rule(
                    ConfigRules::idempotenceNeedsRetries,
                    Setting.IDEMPOTENCE,
                    Setting.RETRIES,
                    Setting.TRANSACTIONAL_ID),
            new Rule(
                    ConfigRules::idempotenceNeedsFewInFlight,
                    Setting.IDEMPOTENCE,
                    Setting.MAX_IN_FLIGHT,
                    Setting.TRANSACTIONAL_ID),
            new Rule(ConfigRules::transactionsNeedIdempotence, Setting.IDEMPOTENCE, Setting.TRANSACTIONAL_ID),
            new Rule(
                    ConfigRules::deliveryTimeoutCoversARequest,
                    Setting.DELIVERY_TIMEOUT,
                    Setting.LINGER,
                    Setting.REQUEST_TIMEOUT),
            ordered(Setting.RETRY_BACKOFF, Setting.RETRY_BACKOFF_MAX),
            ordered(Setting.RECONNECT_BACKOFF, Setting.RECONNECT_BACKOFF_MAX),
            ordered(Setting.CONNECTION_SETUP_TIMEOUT, Setting.CONNECTION_SETUP_TIMEOUT_MAX),
            ordered(Setting.BATCH_SIZE, Setting.BUFFER_MEMORY),
            ordered(Setting.MAX_REQUEST_SIZE, Setting.BUFFER_MEMORY),
            new Rule(ConfigRules::gzipHasNoLevelZero, Setting.COMPRESSION_GZIP_LEVEL),
            new Rule(ConfigRules::rackAwarenessNeedsARack, Setting.PARTITIONER_RACK_AWARE, Setting.CLIENT_RACK));

    private ConfigRules() {}

    /**
     * Checks the values and puts derived ones in the place of defaults.
     *
     * @param unreadable settings whose text could not be read; they have no value and their violations are known
     * @return all violations
     */
    static List<Violation> conclude(SettingValues values, Set<Setting> unreadable) {
        EnumSet<Setting> refused = EnumSet.noneOf(Setting.class);
        refused.addAll(unreadable);
        List<Violation> found = new ArrayList<>();
        for (Setting setting : EnumSet.complementOf(refused)) {
            List<Violation> own = fieldViolations(setting, values);
            if (!own.isEmpty()) {
                refused.add(setting);
                found.addAll(own);
            }
        }
        Derivations.apply(values, refused);
        for (Rule rule : ACROSS_SETTINGS) {
            Violation violation = rule.readsAnyOf(refused) ? null : rule.check.apply(values);
            if (violation != null) {
                found.add(violation);
            }
        }
        return found;
    }

    private static List<Violation> fieldViolations(Setting setting, SettingValues values) {
        if (setting == Setting.BOOTSTRAP_SERVERS) {
            return BootstrapServers.violations(values.texts(setting));
        }
        String reason = isBlankId(setting, values)
                ? "must not be blank; leave it out for a producer without transactions"
                : rangeReason(setting, values.value(setting));
        return reason == null ? List.of() : List.of(violation(setting, values, reason));
    }

    /** Such an id would be shared by all who forgot to set theirs, and each would end the others' work. */
    private static boolean isBlankId(Setting setting, SettingValues values) {
        return setting == Setting.TRANSACTIONAL_ID
                && values.isTransactional()
                && values.text(setting).isBlank();
    }

    private static @Nullable String rangeReason(Setting setting, Object value) {
        Setting.Range range = setting.range();
        boolean tooSmall;
        boolean tooLarge;
        if (value instanceof Duration duration) {
            tooSmall = duration.compareTo(Duration.ofMillis(range.min())) < 0;
            tooLarge = duration.compareTo(Duration.ofMillis(range.max())) > 0;
        } else if (value instanceof Double fraction) {
            tooSmall = !(fraction >= range.min() / ValueText.HUNDREDTHS); // also what is not a number
            tooLarge = fraction > range.max() / ValueText.HUNDREDTHS;
        } else {
            long size = value instanceof String text ? text.getBytes(UTF_8).length : value instanceof Long n ? n : 0;
            tooSmall = size < range.min();
            tooLarge = size > range.max();
        }
        if (tooSmall) {
            return "must be at least " + ValueText.bound(setting, range.min());
        }
        return tooLarge ? "must be at most " + ValueText.bound(setting, range.max()) : null;
    }

    private static @Nullable Violation idempotenceNeedsAllAcks(SettingValues values) {
        boolean isBroken = needsIdempotence(values) && values.acks() != Acks.ALL;
        return isBroken ? violation(Setting.ACKS, values, "must be all" + whileIdempotent(values)) : null;
    }

    private static @Nullable Violation idempotenceNeedsRetries(SettingValues values) {
        boolean isBroken = needsIdempotence(values) && values.number(Setting.RETRIES) == 0;
        return isBroken ? violation(Setting.RETRIES, values, "must be at least 1" + whileIdempotent(values)) : null;
    }

    /** Asked of an idempotence that other settings have turned off, too: the reference refuses the pair all the same. */
    private static @Nullable Violation idempotenceNeedsFewInFlight(SettingValues values) {
        boolean isWanted = !values.isGiven(Setting.IDEMPOTENCE) || needsIdempotence(values);
        boolean isBroken = isWanted && values.number(Setting.MAX_IN_FLIGHT) > MAX_IN_FLIGHT_WITH_IDEMPOTENCE;
        return isBroken
                ? violation(
                        Setting.MAX_IN_FLIGHT,
                        values,
                        "must be at most " + MAX_IN_FLIGHT_WITH_IDEMPOTENCE + whileIdempotent(values))
                : null;
    }

    private static @Nullable Violation transactionsNeedIdempotence(SettingValues values) {
        boolean isBroken =
                values.isTransactional() && values.isGiven(Setting.IDEMPOTENCE) && !values.flag(Setting.IDEMPOTENCE);
        return isBroken ? violation(Setting.IDEMPOTENCE, values, "must be true" + whileIdempotent(values)) : null;
    }

    private static boolean needsIdempotence(SettingValues values) {
        return values.isTransactional() || values.flag(Setting.IDEMPOTENCE);
    }

    private static String whileIdempotent(SettingValues values) {
        return values.isTransactional()
                ? " with " + Setting.TRANSACTIONAL_ID
                : " unless " + Setting.IDEMPOTENCE + " is set to false";
    }

    private static @Nullable Violation deliveryTimeoutCoversARequest(SettingValues values) {
        Duration least = Derivations.lingerPlusRequestTimeout(values);
        if (values.duration(Setting.DELIVERY_TIMEOUT).compareTo(least) >= 0) {
            return null;
        }
        return violation(
                Setting.DELIVERY_TIMEOUT,
                values,
                "must be at least linger + request-timeout, which is " + ValueText.of(Setting.Kind.DURATION, least));
    }

    private static @Nullable Violation gzipHasNoLevelZero(SettingValues values) {
        boolean isBroken = values.number(Setting.COMPRESSION_GZIP_LEVEL) == 0;
        return isBroken ? violation(Setting.COMPRESSION_GZIP_LEVEL, values, "must be 1 to 9, or -1") : null;
    }

    private static @Nullable Violation rackAwarenessNeedsARack(SettingValues values) {
        boolean isBroken = values.flag(Setting.PARTITIONER_RACK_AWARE)
                && values.text(Setting.CLIENT_RACK).isEmpty();
        return isBroken
                ? violation(
                        Setting.PARTITIONER_RACK_AWARE, values, "needs " + Setting.CLIENT_RACK + ", which is not set")
                : null;
    }

    private static Rule ordered(Setting low, Setting high) {
        return new Rule(values -> orderViolation(low, high, values), low, high);
    }

    /** Names the setting that the user wrote; if both are the user's, the higher one. */
    private static @Nullable Violation orderViolation(Setting low, Setting high, SettingValues values) {
        boolean isOrdered = values.value(low) instanceof Duration base
                ? base.compareTo(values.duration(high)) <= 0
                : values.number(low) <= values.number(high);
        if (isOrdered) {
            return null;
        }
        return values.isGiven(high)
                ? violation(high, values, "must be at least " + low + ", which is " + values.text(low))
                : violation(
                        low,
                        values,
                        "must be at most " + high + ", which is " + values.text(high) + "; lower this or raise that");
    }

    private static Violation violation(Setting setting, SettingValues values, String reason) {
        return new Violation(setting.toString(), values.text(setting), reason);
    }

    @FunctionalInterface
    private interface Check {
        @Nullable Violation apply(SettingValues values);
    }

    private static final class Rule {
        private final Check check;
        private final List<Setting> reads;

        Rule(Check check, Setting... reads) {
            this.check = check;
            this.reads = List.of(reads);
        }

        boolean readsAnyOf(Set<Setting> settings) {
            return reads.stream().anyMatch(settings::contains);
        }
    }
}
