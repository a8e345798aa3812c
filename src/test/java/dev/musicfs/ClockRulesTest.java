package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.util.Calendar;
import java.util.Date;
import java.util.Map;
import java.util.TreeSet;

/** Who reads which clock. Intervals are measured by the monotonic one, which no jump of the other can upset. */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class ClockRulesTest {
    private static final Map<String, String> OF_THE_MACHINE = Map.of(
            "runtime.SystemClock", "is what all others ask",
            "runtime.Deadline", "is monotonic");

    private static final Map<String, String> OF_THE_WALL = Map.of(
            "catalog.CatalogKeeper", "asks how old a backup is, and minds jumps",
            "catalog.CatalogRecovery", "numbers by it when nothing else is known",
            "chunk.DiskChunkStore", "notes when a chunk was used, for after a restart",
            "chunk.Eviction", "tells uses that lie ahead from others",
            "chunk.Scrubber", "divides months into parts without keeping a position, and minds jumps",
            "library.Doubts", "compares with the times of files",
            "origin.s3.Signer", "dates a signature, as the server wants it",
            "tree.TreeUpdater", "shows when a directory changed");

    @ArchTest
    @Resilience("5.6")
    static void theMachinesClocksAreReadInOnePlace(JavaClasses program) {
        assertThat(FireAndForgetTest.users(program, ClockRulesTest::readsTheMachine))
                .isEqualTo(new TreeSet<>(OF_THE_MACHINE.keySet()));
    }

    @ArchTest
    @Resilience("5.6")
    static void theWallClockIsReadForWhatIsStoredOrShownOnly(JavaClasses program) {
        assertThat(FireAndForgetTest.users(
                        program,
                        target -> target.getOwner().isAssignableTo(Clock.class)
                                && target.getName().equals("wallNanos")))
                .isEqualTo(new TreeSet<>(OF_THE_WALL.keySet()));
    }

    private static boolean readsTheMachine(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        boolean system =
                owner.isEquivalentTo(System.class) && (name.equals("nanoTime") || name.equals("currentTimeMillis"));
        boolean now = owner.getPackageName().equals("java.time")
                && (name.equals("now") || name.startsWith("system") || name.startsWith("tick"));
        boolean old = (owner.isEquivalentTo(Date.class)
                        && name.equals("<init>")
                        && target.getRawParameterTypes().isEmpty())
                || (owner.isAssignableTo(Calendar.class) && name.equals("getInstance"));
        return system || now || old;
    }
}
