package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.musicfs.failure.Attended;
import dev.musicfs.failure.Dropped;
import dev.musicfs.runtime.ExecutorPools;
import dev.musicfs.runtime.StandbyThread;
import dev.musicfs.runtime.Threads;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Vertx;
import java.lang.annotation.Annotation;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nothing is fire-and-forget: whatever runs beside its caller is begun in a class whose {@link Attended} says what looks
 * after it, and no future whose failure nobody would learn of is dropped without {@link Dropped}. What runs for long is
 * a task of the supervisor.
 */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class FireAndForgetTest {
    @ArchTest
    @Resilience("2.6")
    static void threadsAreBegunWhereSomethingLooksAfterThem(JavaClasses program) {
        assertThat(users(program, FireAndForgetTest::beginsAThread)).isEqualTo(attended(program, Attended::threads));
    }

    @ArchTest
    @Resilience("2.6")
    static void timersBelongToSomethingThatEnds(JavaClasses program) {
        assertThat(users(program, target -> isOf(target, Vertx.class, "setTimer", "setPeriodic", "timer")))
                .isEqualTo(attended(program, Attended::timers));
    }

    @ArchTest
    @Resilience("2.6")
    static void workersDoWhatSomebodyWaitsFor(JavaClasses program) {
        assertThat(users(
                        program,
                        target -> isOf(target, Vertx.class, "executeBlocking")
                                || isOf(target, ExecutorPools.class, "workers", "executor", "singleThread")))
                .isEqualTo(attended(program, Attended::workers));
    }

    @ArchTest
    @Resilience("2.6")
    static void noFutureIsDroppedWhoseFailureNobodyWouldLearnOf(JavaClasses program) {
        Set<String> found = program.stream()
                .flatMap(type -> DroppedFutures.in(type).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> said = program.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.isAnnotatedWith(Dropped.class))
                .map(unit -> nameOf(unit.getOwner()) + "#" + unit.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).isEqualTo(said);
    }

    /** Classes whose annotation gives a reason of this kind. */
    private static Set<String> attended(JavaClasses program, Function<Attended, String> reason) {
        return program.stream()
                .filter(type -> type.isAnnotatedWith(Attended.class))
                .filter(type ->
                        !reason.apply(type.getAnnotationOfType(Attended.class)).isEmpty())
                .map(FireAndForgetTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Classes that carry an annotation. */
    static Set<String> annotated(JavaClasses program, Class<? extends Annotation> annotation) {
        return program.stream()
                .filter(type -> type.isAnnotatedWith(annotation))
                .map(FireAndForgetTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean beginsAThread(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        boolean made = target.getName().equals("<init>")
                && (owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(ThreadPoolExecutor.class)
                        || owner.isAssignableTo(ForkJoinPool.class)
                        || owner.isAssignableTo(java.util.Timer.class));
        return made
                || isOf(target, Threads.class, "begin")
                || (owner.isEquivalentTo(StandbyThread.class)
                        && target.getName().equals("<init>"))
                || owner.isEquivalentTo(Executors.class)
                || (owner.isAssignableTo(CompletableFuture.class)
                        && target.getName().endsWith("Async"))
                || owner.getName().equals("java.lang.Thread$Builder");
    }

    private static boolean isOf(CodeUnitAccessTarget target, Class<?> owner, String... names) {
        return target.getOwner().isEquivalentTo(owner) && Set.of(names).contains(target.getName());
    }

    static Set<String> users(JavaClasses program, Predicate<CodeUnitAccessTarget> used) {
        return program.stream()
                .filter(type -> accesses(type).anyMatch(access -> used.test(access.getTarget())))
                .map(FireAndForgetTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<JavaCodeUnitAccess<?>> accesses(JavaClass type) {
        return Stream.concat(type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream());
    }

    /** Of the class in whose file it is, without {@code dev.musicfs.}. */
    static String nameOf(JavaClass type) {
        String name = type.getName().substring("dev.musicfs.".length());
        int inner = name.indexOf('$');
        return inner < 0 ? name : name.substring(0, inner);
    }
}
