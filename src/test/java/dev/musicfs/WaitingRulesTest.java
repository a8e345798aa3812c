package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.musicfs.failure.Waits;
import dev.musicfs.runtime.Waiting;
import io.vertx.core.Future;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.client.future.ConnectFuture;
import org.apache.sshd.common.future.VerifiableFuture;
import org.apache.sshd.common.future.WaitableFuture;

/** Futures are waited for at the process's entry, in commands, and where {@link Waits} says why. */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class WaitingRulesTest {
    /** The process's entry, and the commands, each of which is one. */
    private static final Set<String> ENTRIES = Set.of("process", "app", "cli");

    @ArchTest
    static void futuresAreWaitedForAtTheEntryAndWhereItIsSaidWhy(JavaClasses program) {
        Set<String> waiting = program.stream()
                .filter(type -> !ENTRIES.contains(LayeringTest.room(type)))
                .flatMap(WaitingRulesTest::waits)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> said = program.stream()
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.isAnnotatedWith(Waits.class))
                .map(WaitingRulesTest::nameOf)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(waiting).isEqualTo(said).isNotEmpty();
    }

    /** The rule sees each way of waiting that it knows. */
    @ArchTest
    static void everyWayOfWaitingIsSeen(JavaClasses program) {
        JavaClass ways = new ClassFileImporter().importClass(Ways.class);
        assertThat(waits(ways).map(name -> name.substring(name.indexOf('#') + 1)))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Ways.class.getDeclaredMethods())
                        .filter(method ->
                                !method.isSynthetic() && !method.getName().startsWith("not"))
                        .map(method -> method.getName())
                        .toList());
        assertThat(program).isNotEmpty();
    }

    /** Methods of a class that wait, by class and name. */
    private static Stream<String> waits(JavaClass type) {
        return Stream.concat(type.getCodeUnitCallsFromSelf().stream(), type.getCodeUnitReferencesFromSelf().stream())
                .filter(access -> isWait(access.getTarget()))
                .map(access -> nameOf(access.getOrigin()))
                .distinct();
    }

    private static boolean isWait(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "get", "join" -> owner.isAssignableTo(java.util.concurrent.Future.class);
            case "verify" -> owner.isAssignableTo(VerifiableFuture.class);
            default ->
                target.getName().startsWith("await")
                        && (owner.isAssignableTo(CountDownLatch.class)
                                || owner.isAssignableTo(Future.class)
                                || owner.isAssignableTo(WaitableFuture.class)
                                || owner.isEquivalentTo(Waiting.class));
        };
    }

    private static String nameOf(JavaCodeUnit unit) {
        return FireAndForgetTest.nameOf(unit.getOwner()) + "#" + unit.getName();
    }

    /** Every way of waiting there is, and two that are none. */
    @SuppressWarnings("unused")
    private interface Ways {
        static Object get(CompletableFuture<?> future) throws Exception {
            return future.get();
        }

        static Object join(CompletableFuture<?> future) {
            return future.join();
        }

        static Object ofATask(FutureTask<?> future) throws Exception {
            return future.get();
        }

        static Object inALambda(CompletableFuture<?> future) {
            Function<String, Object> waiting = text -> future.join();
            return waiting.apply("");
        }

        static Function<CompletableFuture<String>, String> byReference() {
            return CompletableFuture::join;
        }

        static Object ofVertx(Future<?> future) throws Exception {
            return future.toCompletionStage().toCompletableFuture().get();
        }

        static Object onAVirtualThread(Future<?> future) {
            return future.await();
        }

        static void latch(CountDownLatch latch) throws InterruptedException {
            latch.await();
        }

        static boolean ssh(ConnectFuture future) throws Exception {
            return future.await(1);
        }

        static Object sshVerified(ConnectFuture future) throws Exception {
            return future.verify(1);
        }

        static Object byOurs(Future<?> future) {
            return Waiting.await(future, java.time.Duration.ZERO, "it");
        }

        static Future<?> notComposing(Future<?> one, Future<?> other) {
            return Future.join(one, other);
        }

        static Object notLooking(CompletableFuture<?> future) {
            return future.getNow(null);
        }
    }
}
