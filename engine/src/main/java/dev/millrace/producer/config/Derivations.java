package dev.millrace.producer.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Defaults that give way to what the user set. A value the user set is never changed. */
final class Derivations {

    private Derivations() {}

    /** Sets what follows from the given values, except from those that are refused. */
    static void apply(SettingValues values, Set<Setting> refused) {
        switchIdempotenceOff(values);
        if (!refused.contains(Setting.LINGER) && !refused.contains(Setting.REQUEST_TIMEOUT)) {
            raiseDeliveryTimeout(values);
        }
    }

    /** What is allowed and hardly meant; defaults alone give no reason to doubt. */
    static List<String> doubts(SettingValues values) {
        boolean isChosen = values.isGiven(Setting.DELIVERY_TIMEOUT) || values.isGiven(Setting.TRANSACTION_TIMEOUT);
        if (!values.isTransactional() || !isChosen) {
            return List.of();
        }
        Duration delivery = values.duration(Setting.DELIVERY_TIMEOUT);
        if (delivery.compareTo(values.duration(Setting.TRANSACTION_TIMEOUT)) <= 0) {
            return List.of();
        }
        return List.of(Setting.DELIVERY_TIMEOUT + " is " + values.text(Setting.DELIVERY_TIMEOUT) + ", longer than "
                + Setting.TRANSACTION_TIMEOUT + ", which is " + values.text(Setting.TRANSACTION_TIMEOUT)
                + ": the coordinator aborts a transaction while its records are still being tried");
    }

    static Duration lingerPlusRequestTimeout(SettingValues values) {
        return values.duration(Setting.LINGER).plus(values.duration(Setting.REQUEST_TIMEOUT));
    }

    private static void switchIdempotenceOff(SettingValues values) {
        if (values.isGiven(Setting.IDEMPOTENCE)) {
            return;
        }
        if (values.acks() != Acks.ALL) {
            values.derive(Setting.IDEMPOTENCE, false, because(Setting.ACKS, values));
        } else if (values.number(Setting.RETRIES) == 0) {
            values.derive(Setting.IDEMPOTENCE, false, because(Setting.RETRIES, values));
        }
    }

    private static void raiseDeliveryTimeout(SettingValues values) {
        boolean isDefault = !values.isGiven(Setting.DELIVERY_TIMEOUT);
        if (isDefault && lingerPlusRequestTimeout(values).compareTo(values.duration(Setting.DELIVERY_TIMEOUT)) > 0) {
            values.derive(
                    Setting.DELIVERY_TIMEOUT, lingerPlusRequestTimeout(values), "raised to linger + request-timeout");
        }
    }

    private static String because(Setting setting, SettingValues values) {
        return "because " + setting + " is " + values.text(setting);
    }
}
