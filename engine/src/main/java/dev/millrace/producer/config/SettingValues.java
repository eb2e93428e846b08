package dev.millrace.producer.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of all settings while they are checked and after: what the user gave, what follows from it, and defaults. */
final class SettingValues {

    private final Map<Setting, Object> given;
    private final Map<Setting, Derived> derived = new EnumMap<>(Setting.class);

    SettingValues(Map<Setting, Object> given) {
        this.given = new EnumMap<>(Setting.class);
        this.given.putAll(given);
    }

    /** Replaces the default of a setting that the user did not set. */
    void derive(Setting setting, Object value, String reason) {
        derived.put(setting, new Derived(value, reason));
    }

    Map<Setting, Object> given() {
        return given;
    }

    boolean isGiven(Setting setting) {
        return given.containsKey(setting);
    }

    Origin origin(Setting setting) {
        if (isGiven(setting)) {
            return Origin.USER;
        }
        return derived.containsKey(setting) ? Origin.DERIVED : Origin.DEFAULT;
    }

    /** Why a derived value is what it is, or null if the value is the user's or the default. */
    @Nullable String reason(Setting setting) {
        Derived value = derived.get(setting);
        return value == null ? null : value.reason();
    }

    Object value(Setting setting) {
        Object user = given.get(setting);
        if (user != null) {
            return user;
        }
        Derived value = derived.get(setting);
        return value == null ? setting.defaultValue() : value.value();
    }

    String text(Setting setting) {
        return ValueText.of(setting, value(setting));
    }

    /** A value of kind text or secret as it is; {@link #text} would mask a secret. */
    String raw(Setting setting) {
        return (String) value(setting);
    }

    Duration duration(Setting setting) {
        return (Duration) value(setting);
    }

    long number(Setting setting) {
        return (Long) value(setting);
    }

    int integer(Setting setting) {
        return Math.toIntExact(number(setting));
    }

    boolean flag(Setting setting) {
        return (Boolean) value(setting);
    }

    boolean isTransactional() {
        return isGiven(Setting.TRANSACTIONAL_ID);
    }

    Acks acks() {
        return choice(Setting.ACKS, Acks.class);
    }

    <E extends Enum<E>> E choice(Setting setting, Class<E> type) {
        return type.cast(value(setting));
    }

    @SuppressWarnings("unchecked") // the builder puts nothing else
    List<String> texts(Setting setting) {
        return (List<String>) value(setting);
    }

    /** One sentence for each derived value, and for what the user may not have meant. */
    List<String> derivations() {
        List<String> sentences = new ArrayList<>();
        derived.keySet().forEach(setting -> sentences.add(setting + " is " + text(setting) + ", " + reason(setting)));
        sentences.addAll(Derivations.doubts(this));
        return List.copyOf(sentences);
    }

    private record Derived(Object value, String reason) {}
}
