package dev.millrace.producer.architecture;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which package of the engine may use which. Packages are named as below {@code dev.millrace.producer}; the empty name is
 * that package itself. Public packages may be used by all internal ones and need no mention.
 *
 * <p>{@code protocol} and {@code protocol.message} are one row, because the messages are the one half of the format and
 * the frames the other.
 */
record PackageTable(Map<String, Set<String>> rows) {

    static final String ENGINE = "dev.millrace.producer";
    static final String PLANTED = ENGINE + ".architecture.planted";

    /** The one class of a public package, with its nested ones, that may use an internal one: it opens the door to the assembly. */
    static final String DOOR = ENGINE + ".Producers";

    private static final String INTERNAL = "internal";
    private static final String API = "";

    /** From the bottom up, first the public packages, then the internal ones. */
    static final PackageTable OF_THE_ENGINE = new PackageTable(Map.ofEntries(
            row("errors"),
            row(API, "errors"),
            row("serialization", API),
            row("partitioning", API),
            row("observe", API, "errors"),
            row("interceptor", API, "errors"),
            row("security"),
            row("config", API, "errors", "serialization", "partitioning", "interceptor", "security"),
            row("internal.time"),
            row("internal.concurrent", "internal.time"),
            row("internal.protocol"),
            row("internal.compression"),
            row("internal.record", "internal.protocol", "internal.compression"),
            row("internal.partitioning"),
            row("internal.network.security", "internal.protocol", "internal.concurrent", "internal.time"),
            row(
                    "internal.network",
                    "internal.network.security",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row("internal.metadata", "internal.network", "internal.protocol", "internal.concurrent", "internal.time"),
            row(
                    "internal.idempotence",
                    "internal.network",
                    "internal.metadata",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    "internal.accumulator",
                    "internal.record",
                    "internal.compression",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    "internal.transaction",
                    "internal.idempotence",
                    "internal.accumulator",
                    "internal.metadata",
                    "internal.network",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    "internal.sender",
                    "internal.accumulator",
                    "internal.idempotence",
                    "internal.metadata",
                    "internal.network",
                    "internal.record",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    "internal.telemetry",
                    "internal.metadata",
                    "internal.network",
                    "internal.record",
                    "internal.compression",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    "internal.client",
                    "internal.telemetry",
                    "internal.sender",
                    "internal.transaction",
                    "internal.accumulator",
                    "internal.idempotence",
                    "internal.partitioning",
                    "internal.metadata",
                    "internal.network",
                    "internal.record",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time"),
            row(
                    INTERNAL,
                    "internal.client",
                    "internal.telemetry",
                    "internal.sender",
                    "internal.transaction",
                    "internal.accumulator",
                    "internal.idempotence",
                    "internal.partitioning",
                    "internal.metadata",
                    "internal.network.security",
                    "internal.network",
                    "internal.record",
                    "internal.compression",
                    "internal.protocol",
                    "internal.concurrent",
                    "internal.time")));

    /** What no row may ever allow. */
    private static final Map<String, Set<String>> FORBIDDEN = Map.of(
            "internal.accumulator",
            Set.of("internal.sender", "internal.metadata", "internal.network", "internal.transaction"),
            "internal.network",
            Set.of("internal.metadata", "internal.sender"),
            "internal.protocol",
            Set.of("internal.network"),
            "internal.record",
            Set.of("internal.network"));

    static Map.Entry<String, Set<String>> row(String name, String... allowed) {
        return Map.entry(name, Set.of(allowed));
    }

    /** The row a class belongs to, null for a class that is not of the engine. Planted classes count as real ones. */
    static @Nullable String rowOf(JavaClass each) {
        String name = each.getBaseComponentType().getPackageName();
        String root = name.startsWith(PLANTED) ? PLANTED : ENGINE;
        if (!name.equals(root) && !name.startsWith(root + ".")) {
            return null;
        }
        String below = name.equals(root) ? API : name.substring(root.length() + 1);
        return below.equals("internal.protocol.message") ? "internal.protocol" : below;
    }

    /** The public packages, which are what the module exports. */
    Set<String> publicPackages() {
        return rows.keySet().stream()
                .filter(name -> !isInternal(name))
                .map(name -> name.isEmpty() ? ENGINE : ENGINE + "." + name)
                .collect(toCollection(TreeSet::new));
    }

    /** Packages that exist and have no row. */
    Set<String> withoutRow(JavaClasses classes) {
        Set<String> found = found(classes);
        found.removeAll(rows.keySet());
        return found;
    }

    /** Rows whose package does not exist. */
    Set<String> withoutPackage(JavaClasses classes) {
        Set<String> names = new TreeSet<>(rows.keySet());
        names.removeAll(found(classes));
        return names;
    }

    /** Uses that the user's row does not allow, with the line of the code. */
    List<String> violations(JavaClasses classes) {
        List<String> violations = new ArrayList<>();
        for (JavaClass user : classes) {
            for (Dependency use : user.getDirectDependenciesFromSelf()) {
                String from = rowOf(user);
                String to = rowOf(use.getTargetClass());
                if (from != null && to != null && !allows(from, to) && !isDoor(user, to)) {
                    violations.add(from + " -> " + to + ": " + use.getDescription());
                }
            }
        }
        return violations;
    }

    /** Rows that, by what they allow, come back to themselves. */
    Set<String> cycles() {
        Set<String> inCycles = new TreeSet<>();
        for (String name : rows.keySet()) {
            Set<String> reached = new HashSet<>();
            rows.getOrDefault(name, Set.of()).forEach(allowed -> reach(allowed, reached));
            if (reached.contains(name)) {
                inCycles.add(name);
            }
        }
        return inCycles;
    }

    /** Arrows that some row allows and that must never exist. */
    Set<String> forbiddenArrows() {
        Set<String> arrows = new TreeSet<>();
        new TreeMap<>(rows).forEach((name, allowed) -> allowed.stream()
                .filter(to ->
                        FORBIDDEN.getOrDefault(name, Set.of()).contains(to) || (!isInternal(name) && isInternal(to)))
                .forEach(to -> arrows.add(name + " -> " + to)));
        return arrows;
    }

    private boolean allows(String from, String to) {
        return from.equals(to)
                || (isInternal(from) && !isInternal(to))
                || rows.getOrDefault(from, Set.of()).contains(to);
    }

    /** The door belongs to no row: it may use every public package and the assembly. */
    private static boolean isDoor(JavaClass user, String to) {
        return (user.getName().equals(DOOR) || user.getName().startsWith(DOOR + "$"))
                && (!isInternal(to) || to.equals(INTERNAL));
    }

    private void reach(String name, Set<String> reached) {
        if (reached.add(name)) {
            rows.getOrDefault(name, Set.of()).forEach(allowed -> reach(allowed, reached));
        }
    }

    private static Set<String> found(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass each : classes) {
            String row = rowOf(each);
            if (row != null) {
                found.add(row);
            }
        }
        return found;
    }

    private static boolean isInternal(String name) {
        return name.equals(INTERNAL) || name.startsWith(INTERNAL + ".");
    }
}
