package dev.millrace.producer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import dev.millrace.producer.Fault;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The golden table of messages: each fault in it is injected by some test, which checks its words. */
class FaultTableTest {

    private static final int AT_LEAST = 30;

    @Test
    void everyFaultIsInjectedByATest() {
        Set<Fault> injected = EnumSet.noneOf(Fault.class);
        for (JavaClass test : TaggedTest.classes()) {
            if (!test.isEquivalentTo(Fault.class)) {
                for (JavaFieldAccess access : test.getFieldAccessesFromSelf()) {
                    if (access.getTargetOwner().isEquivalentTo(Fault.class)) {
                        injected.add(Fault.valueOf(access.getTarget().getName()));
                    }
                }
            }
        }

        assertThat(injected).isEqualTo(EnumSet.allOf(Fault.class)).hasSizeGreaterThanOrEqualTo(AT_LEAST);
    }
}
