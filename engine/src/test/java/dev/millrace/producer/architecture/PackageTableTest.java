package dev.millrace.producer.architecture;

import static dev.millrace.producer.architecture.PackageTable.OF_THE_ENGINE;
import static dev.millrace.producer.architecture.PackageTable.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.producer.Producers;
import dev.millrace.producer.architecture.planted.errors.LooksInside;
import dev.millrace.producer.architecture.planted.internal.accumulator.AsksTheCluster;
import dev.millrace.producer.architecture.planted.internal.helper.NoRow;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The table of packages holds, and each check of it finds a violation made for it. */
class PackageTableTest {

    @Test
    void looksAtTheEngineWithoutItsTests() {
        assertThat(EngineClasses.REAL.contain(Producers.class)).isTrue();
        assertThat(EngineClasses.REAL.contain(PackageTableTest.class)).isFalse();
    }

    @Test
    void everyPackageHasARow() {
        assertThat(OF_THE_ENGINE.withoutRow(EngineClasses.REAL)).isEmpty();
    }

    @Test
    void everyRowHasAPackage() {
        assertThat(OF_THE_ENGINE.withoutPackage(EngineClasses.REAL)).isEmpty();
    }

    @Test
    void packagesUseWhatTheirRowsAllow() {
        assertThat(OF_THE_ENGINE.violations(EngineClasses.REAL)).isEmpty();
    }

    @Test
    void rowsHaveNoCycles() {
        assertThat(OF_THE_ENGINE.cycles()).isEmpty();
    }

    @Test
    void rowsAllowNoForbiddenArrow() {
        assertThat(OF_THE_ENGINE.forbiddenArrows()).isEmpty();
    }

    @Test
    void theModuleExportsThePublicPackagesOnly() {
        ModuleDescriptor engine = ModuleFinder.of(EngineClasses.directory())
                .find("dev.millrace.engine")
                .orElseThrow()
                .descriptor();

        assertThat(exports(engine)).isEqualTo(OF_THE_ENGINE.publicPackages());
    }

    @Test
    void findsAPackageWithoutRow() {
        assertThat(OF_THE_ENGINE.withoutRow(EngineClasses.planted(NoRow.class))).containsExactly("internal.helper");
    }

    @Test
    void findsARowWithoutPackage() {
        assertThat(OF_THE_ENGINE.withoutPackage(EngineClasses.planted(NoRow.class)))
                .contains("internal.time");
    }

    @Test
    void findsAUseThatNoRowAllows() {
        assertThat(OF_THE_ENGINE.violations(EngineClasses.planted(AsksTheCluster.class)))
                .isNotEmpty()
                .allMatch(text -> text.startsWith("internal.accumulator -> internal.metadata: "));
    }

    @Test
    void findsAPublicPackageThatLooksInside() {
        assertThat(OF_THE_ENGINE.violations(EngineClasses.planted(LooksInside.class)))
                .isNotEmpty()
                .allMatch(text -> text.startsWith("errors -> internal.time: "));
    }

    @Test
    void findsACycle() {
        PackageTable table =
                new PackageTable(Map.ofEntries(row("a", "b"), row("b", "c"), row("c", "b"), row("d", "a")));

        assertThat(table.cycles()).containsExactly("b", "c");
    }

    @Test
    void findsAForbiddenArrow() {
        PackageTable table = new PackageTable(
                Map.ofEntries(row("internal.network", "internal.metadata"), row("errors", "internal.time")));

        assertThat(table.forbiddenArrows())
                .containsExactly("errors -> internal.time", "internal.network -> internal.metadata");
    }

    @Test
    void findsAnExportedInternalPackage() {
        ModuleDescriptor descriptor = ModuleDescriptor.newModule("planted")
                .exports("dev.millrace.producer")
                .exports("dev.millrace.producer.internal")
                .build();

        assertThat(exports(descriptor)).isNotEqualTo(OF_THE_ENGINE.publicPackages());
    }

    private static Set<String> exports(ModuleDescriptor module) {
        Set<String> exports = new TreeSet<>();
        module.exports().forEach(each -> exports.add(each.source() + (each.isQualified() ? " to some" : "")));
        return exports;
    }
}
