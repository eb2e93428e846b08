package dev.millrace.producer.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.satisfied;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What no class of the engine may do, besides using the wrong package ({@link PackageTable}). */
final class EngineRules {

    /** Decisions that tests check with plain values. The names are those of files; nested types belong to them. */
    static final Set<String> PURE = Set.of(
            "ProduceRequestPlanner",
            "ProduceResponseInterpreter",
            "ProduceErrors",
            "Reaction",
            "BatchOutcome",
            "SnapshotUpdate",
            "VersionNegotiation",
            "ThrottleRules",
            "FrameSize",
            "ConnectionState");

    /** Those of them that must not even know what a connection is. */
    private static final Set<String> PURE_SENDER =
            Set.of("ProduceRequestPlanner", "ProduceResponseInterpreter", "ProduceErrors", "Reaction", "BatchOutcome");

    /** Each cluster view builds one of these for itself, as the assembly does for each producer. */
    private static final Set<String> BUILT_BY_OTHERS_TOO = Set.of("DrainSignal", "BrokerConnections");

    private static final List<String> CODEC_LIBRARIES =
            List.of("org.xerial.snappy", "net.jpountz", "com.github.luben.zstd");

    static final ArchRule USES_FEW_LIBRARIES = classes()
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "",
                    "java..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "javax.security.sasl..",
                    "org.ietf.jgss..",
                    "com.ongres.scram..",
                    "io.netty..",
                    "org.slf4j..",
                    "org.jspecify..",
                    "org.xerial.snappy..",
                    "net.jpountz..",
                    "com.github.luben.zstd..",
                    "dev.millrace.."))
            .because("the engine knows no Spring, no Micrometer and no Kafka client");

    /** So that a library that is not there fails when its codec is chosen, and nowhere else. */
    static final ArchRule EACH_CODEC_LIBRARY_IN_ONE_CLASS = rule(
            Set.of("SnappyCodec", "Lz4Codec", "ZstdCodec"),
            new ArchCondition<JavaClass>("use a codec library") {
                @Override
                public void check(JavaClass item, ConditionEvents events) {
                    item.getDirectDependenciesFromSelf().stream()
                            .filter(use -> CODEC_LIBRARIES.stream()
                                    .anyMatch(use.getTargetClass().getPackageName()::startsWith))
                            .forEach(use -> events.add(satisfied(item, use.getDescription())));
                }
            },
            "they are optional");

    static final ArchRule NETTY_ONLY_IN_ITS_CLASSES = noClasses()
            .that(areNot("named Netty… in internal.network or its security", each -> each.getName()
                    .matches(".*\\.internal\\.network(\\.security)?\\.Netty[^.]*")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.netty.."))
            .because("the core must run without sockets, in a simulation");

    static final ArchRule CODECS_DO_NOT_LOG = noClasses()
            .that(resideInAnyPackage(
                    "..internal.protocol..",
                    "..internal.compression..",
                    "..internal.record..",
                    "..internal.partitioning..",
                    "..internal.time.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.slf4j.."))
            .because("whoever calls them knows what there is to say");

    static final ArchRule DECISIONS_ARE_PURE = noClasses()
            .that(belongTo(PURE))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.slf4j..", "java.util.concurrent.locks..", "..internal.time.."))
            .because("a decision is tested with plain values");

    static final ArchRule SEND_DECISIONS_KNOW_NO_CONNECTION = noClasses()
            .that(belongTo(PURE_SENDER))
            .should()
            .dependOnClassesThat(resideInAnyPackage("..internal.network.."))
            .because("what an answer means does not depend on how it came");

    static final ArchRule ONE_WALL_CLOCK = rule(
            Set.of("WallClock"),
            calls(
                    "the wall clock",
                    access -> isCall(access, "java.lang.System", "currentTimeMillis")
                            || (access.getTargetOwner().getPackageName().startsWith("java.time")
                                    && access.getName().equals("now"))),
            "civil time is for record timestamps only");

    /** Closing waits on the closing thread with the JVM's own clock, as {@code Future.get} does. */
    static final ArchRule FEW_MONOTONIC_CLOCKS = rule(
            Set.of("Ticker", "NettyEventLoop", "ProducerClosing"),
            calls("the monotonic clock", access -> isCall(access, "java.lang.System", "nanoTime")),
            "a simulation controls time");

    static final ArchRule NO_WAITING_ON_MONITORS = rule(
            Set.of(),
            calls(
                    "a monitor's wait or notify",
                    access -> access.getTargetOwner().getName().equals("java.lang.Object")
                            && List.of("wait", "notify", "notifyAll").contains(access.getName())),
            "a virtual thread that waits on a monitor pins its carrier");

    static final ArchRule NO_CLASSES_BY_NAME = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.lang.reflect..",
                    "java.lang.management..",
                    "javax.management..",
                    "javax.security.auth..",
                    "javax.naming.."))
            .because("the engine uses no reflection, no JMX and no JAAS");

    static final ArchRule NO_CLASS_LOADING = rule(
            Set.of(),
            calls(
                    "class loading",
                    access -> isCall(access, "java.lang.Class", "forName")
                            || access.getTargetOwner().isEquivalentTo(ServiceLoader.class)
                            || isCall(access, "java.lang.ClassLoader", "loadClass")),
            "nothing is found by its name at run time");

    private EngineRules() {}

    /** The parts: what the assembly constructs, without records, which are values and not parts. */
    static Set<String> parts(JavaClasses engine) {
        Set<String> parts = new TreeSet<>();
        for (JavaClass each : engine) {
            if ("internal".equals(PackageTable.rowOf(each))) {
                each.getConstructorCallsFromSelf().stream()
                        .map(JavaConstructorCall::getTargetOwner)
                        .filter(part -> part.getPackageName().startsWith(PackageTable.ENGINE + ".internal."))
                        .filter(part -> !part.isRecord())
                        .map(JavaClass::getName)
                        .forEach(parts::add);
            }
        }
        parts.removeIf(part -> BUILT_BY_OTHERS_TOO.contains(part.substring(part.lastIndexOf('.') + 1)));
        return parts;
    }

    /** Only the assembly builds them. */
    static ArchRule builtByTheAssemblyOnly(Set<String> parts) {
        return noClasses()
                .that(areNot("the assembly", each -> "internal".equals(PackageTable.rowOf(each))))
                .should(new ArchCondition<JavaClass>("construct a part") {
                    @Override
                    public void check(JavaClass item, ConditionEvents events) {
                        item.getConstructorCallsFromSelf().stream()
                                .filter(call ->
                                        parts.contains(call.getTargetOwner().getName()))
                                .filter(call -> !call.getTargetOwner().equals(item)) // another constructor of its own
                                .forEach(call -> events.add(satisfied(item, call.getDescription())));
                    }
                })
                .because("parts are connected in one place");
    }

    private static ArchRule rule(Set<String> exceptions, ArchCondition<JavaClass> condition, String reason) {
        return noClasses()
                .that(areNot("of " + exceptions, each -> exceptions.contains(fileOf(each))))
                .should(condition)
                .because(reason);
    }

    private static ArchCondition<JavaClass> calls(String what, Predicate<JavaCodeUnitAccess<?>> which) {
        return new ArchCondition<JavaClass>("use " + what) {
            @Override
            public void check(JavaClass item, ConditionEvents events) {
                for (JavaCodeUnitAccess<?> access : item.getCodeUnitAccessesFromSelf()) {
                    if (which.test(access)) {
                        events.add(satisfied(item, access.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isCall(JavaCodeUnitAccess<?> access, String owner, String name) {
        return access.getTargetOwner().getName().equals(owner)
                && access.getName().equals(name);
    }

    private static DescribedPredicate<JavaClass> areNot(String what, Predicate<JavaClass> which) {
        return DescribedPredicate.describe("are not " + what, each -> !which.test(each));
    }

    private static DescribedPredicate<JavaClass> belongTo(Set<String> files) {
        return DescribedPredicate.describe("belong to " + files, each -> files.contains(fileOf(each)));
    }

    /** The simple name of the outermost class. */
    static String fileOf(JavaClass each) {
        String name = each.getName().substring(each.getName().lastIndexOf('.') + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** All file names of the classes. */
    static Set<String> files(JavaClasses classes) {
        return classes.stream().map(EngineRules::fileOf).collect(toUnmodifiableSet());
    }
}
