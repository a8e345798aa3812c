package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.musicfs.failure.MachineClock;
import dev.musicfs.failure.WallClock;
import dev.musicfs.runtime.Clock;
import dev.musicfs.testkit.Resilience;
import java.util.Calendar;
import java.util.Date;

/** Who reads which clock. Intervals are measured by the monotonic one, which no jump of the other can upset. */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class ClockRulesTest {
    @ArchTest
    @Resilience("5.6")
    static void theMachinesClocksAreReadInOnePlace(JavaClasses program) {
        assertThat(FireAndForgetTest.users(program, ClockRulesTest::readsTheMachine))
                .isEqualTo(FireAndForgetTest.annotated(program, MachineClock.class));
    }

    @ArchTest
    @Resilience("5.6")
    static void theWallClockIsReadForWhatIsStoredOrShownOnly(JavaClasses program) {
        assertThat(FireAndForgetTest.users(
                        program,
                        target -> target.getOwner().isAssignableTo(Clock.class)
                                && target.getName().equals("wallNanos")))
                .isEqualTo(FireAndForgetTest.annotated(program, WallClock.class));
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
