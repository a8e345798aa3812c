package dev.musicfs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.musicfs.runtime.StandbyThread;
import dev.musicfs.runtime.Threads;
import dev.musicfs.testkit.Resilience;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Nothing is fire-and-forget: whatever runs beside its caller is begun in one of the places below, each with what
 * looks after it, and no future is dropped whose failure nobody would learn of. What runs for long is a task of the
 * supervisor.
 */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class FireAndForgetTest {
    private static final Map<String, String> THREADS = Map.ofEntries(
            Map.entry("runtime.OwnThread", "the thread of a supervised task"),
            Map.entry("origin.local.LocalWatch", "its end is the watch's, which KeptWatch begins again"),
            Map.entry("fuse.SessionLoop", "the last thread does not end until the mount is gone"),
            Map.entry("chunk.IndexThread", "every call waits for its outcome within a bound"),
            Map.entry("app.Reloads", "logs and answers what came of it, and is waited for at the end"),
            Map.entry("fuse.Mountpoint", "a look at a mountpoint, waited for within a bound"),
            Map.entry("doctor.Doctor", "each check is waited for within a bound"),
            Map.entry("process.Shutdown", "a phase, waited for and reported"),
            Map.entry("fuse.KeptMount", "waited for within the process's last two seconds"),
            Map.entry("app.MountedLibrary", "the orderly end, which ends the process"),
            Map.entry("runtime.Threads", "what most others use"),
            Map.entry("runtime.StandbyThread", "does one thing for whoever made it"),
            Map.entry("runtime.WorkerPools", "the workers of Vert.x, see below"),
            Map.entry("app.Daemon", "the hook the JVM waits for"),
            Map.entry("cli.Cancellation", "the hook the JVM waits for"),
            Map.entry("failure.ArmedFailpoint", "of tests, waited for"));

    private static final Map<String, String> TIMERS = Map.ofEntries(
            Map.entry("runtime.Timers", "what all others use"),
            Map.entry("content.VertxLoop", "the timers of one room's loop"),
            Map.entry("content.DirectOpenings", "the deadline of one opening"),
            Map.entry("origin.mounted.Alarms", "the deadline of one call"),
            Map.entry("origin.wire.Exchange", "the deadline of one exchange"),
            Map.entry("origin.s3.Exchange", "the deadline of one exchange"),
            Map.entry(
                    "origin.sftp.SftpOrigin",
                    "Vert.x goes on with it whatever one turn throws, and each logs its failure"),
            Map.entry("control.WorkAnswer", "the heartbeat of one answer"));

    private static final Map<String, String> WORKERS = Map.ofEntries(
            Map.entry("app.CacheService", "for commands of the user, who get the outcome"),
            Map.entry("catalog.CatalogKeeper", "for checks and backups, whose failure ends the task"),
            Map.entry("library.LibraryService", "for tags that a scan waits for"),
            Map.entry("origin.registry.OriginService", "for calls to one origin, each with a deadline"),
            Map.entry("process.PathProbe", "for the watchdog's probe, which has a deadline"),
            Map.entry("app.PinningManifests", "for pins that a write of a manifest waits for"),
            Map.entry("catalog.SqlWriter", "for noting damage, before the failure is handed on"),
            Map.entry("content.Content", "for the catalog and the store, whose callers wait"),
            Map.entry("content.CatalogManifests", "for the catalog, whose callers wait"),
            Map.entry("content.DirectOpenings", "for openings, each with a deadline"),
            Map.entry("control.ControlVerticle", "for the socket's file, at start and end"),
            Map.entry("library.LibrarySync", "for the catalog, which a round waits for"),
            Map.entry("origin.guard.Prober", "for the failpoint only, whose probe has a deadline"),
            Map.entry("origin.guard.CachingResolver", "for the name service, which is waited for within a bound"),
            Map.entry("tree.TreeUpdater", "for batches, whose outcome their round waits for"));

    /** Futures put away for good, and why nobody need learn of their failure. */
    private static final Map<String, String> PUT_AWAY = Map.ofEntries(
            Map.entry("runtime.TaskSupervisor#supervise", "a task that was never begun ends at once"),
            Map.entry("origin.guard.Health#breakerChanged", "a probe fails only with the task, which is reported"),
            Map.entry("app.Daemon#runForeground", "a reload by signal logs what comes of it"),
            Map.entry("origin.guard.Health#changeNow", "a probe fails only with the task, which is reported"),
            Map.entry("origin.guard.Health#watched", "a probe fails only with the task, which is reported"),
            Map.entry("origin.guard.Health#probe", "whoever asks a prober gets an answer"),
            Map.entry("origin.guard.Health#probed", "a probe fails only with the task, which is reported"),
            Map.entry("origin.guard.Health#run", "the end of a task is asked for, and nothing else"),
            Map.entry("origin.guard.Health#start", "a probe fails only with the task, which is reported"),
            Map.entry("origin.guard.GuardedOrigin#lookAgain", "the breaker is told of the outcome"),
            Map.entry("origin.s3.Exchange#reset", "the exchange has failed already"),
            Map.entry("origin.s3.Exchange#send", "the exchange has failed already"),
            Map.entry("origin.wire.Exchange#giveUp", "the exchange has failed already"),
            Map.entry("origin.wire.Exchange#send", "the exchange has failed already"),
            Map.entry("library.KeptWatch#down", "a watch that cannot be begun is logged and begun again"),
            Map.entry("library.LibrarySync#ended", "a watch that cannot be begun is logged and begun again"),
            Map.entry("library.LibrarySync#pollUnlessTold", "a watch that cannot be begun is logged and begun again"),
            Map.entry("content.ManifestLog#add", "the log says what it cannot write and tries it again"),
            Map.entry("content.ManifestLog#later", "the log says what it cannot write and tries it again"),
            Map.entry("content.Preparation#finish", "the log says what it cannot write and tries it again"),
            Map.entry("content.SharedFile#begin", "a preparation never fails"),
            Map.entry("content.SharedFile#close", "the log says what it cannot write and tries it again"),
            Map.entry("app.BehindMount#start", "a revision says what it cannot do and tries it again"),
            Map.entry("app.HotConfig#applyBlocking", "a revision says what it cannot do and tries it again"),
            Map.entry("tree.Revisions#retry", "a revision says what it cannot do and tries it again"),
            Map.entry("control.ControlVerticle#admit", "a client that is turned away"),
            Map.entry("control.Router#answer", "a client that went before its answer came"),
            Map.entry("control.Router#refuse", "a client that went before its answer came"),
            Map.entry("control.WorkAnswer#beat", "a client that went before its answer came"),
            Map.entry("control.WorkAnswer#end", "a client that went before its answer came"));

    @ArchTest
    @Resilience("2.6")
    static void threadsAreBegunWhereSomethingLooksAfterThem(JavaClasses program) {
        assertThat(users(program, FireAndForgetTest::beginsAThread)).isEqualTo(new TreeSet<>(THREADS.keySet()));
    }

    @ArchTest
    @Resilience("2.6")
    static void timersBelongToSomethingThatEnds(JavaClasses program) {
        assertThat(users(program, target -> isOf(target, Vertx.class, "setTimer", "setPeriodic", "timer")))
                .isEqualTo(new TreeSet<>(TIMERS.keySet()));
    }

    @ArchTest
    @Resilience("2.6")
    static void workersDoWhatSomebodyWaitsFor(JavaClasses program) {
        assertThat(users(program, target -> isOf(target, Vertx.class, "executeBlocking", "createSharedWorkerExecutor")))
                .isEqualTo(new TreeSet<>(WORKERS.keySet()));
    }

    @ArchTest
    @Resilience("2.6")
    static void noFutureIsDroppedWhoseFailureNobodyWouldLearnOf(JavaClasses program) {
        Set<String> dropped = program.stream()
                .flatMap(type -> DroppedFutures.in(type).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(dropped).isEqualTo(new TreeSet<>(PUT_AWAY.keySet()));
    }

    private static boolean beginsAThread(CodeUnitAccessTarget target) {
        JavaClass owner = target.getOwner();
        boolean made = target.getName().equals("<init>")
                && (owner.isAssignableTo(Thread.class)
                        || owner.isAssignableTo(ThreadPoolExecutor.class)
                        || owner.isAssignableTo(ForkJoinPool.class)
                        || owner.isAssignableTo(java.util.Timer.class));
        return made
                || owner.isEquivalentTo(Threads.class)
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
