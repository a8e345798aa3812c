package dev.musicfs;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.Vertx;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executors;

/** ARCHITECTURE's rules about which room may see what. */
@AnalyzeClasses(packages = "dev.musicfs", importOptions = DoNotIncludeTests.class)
class LayeringTest {
    private static final String BASE = "dev.musicfs.";

    static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("model", 0),
            Map.entry("failure", 0),
            Map.entry("config", 1),
            Map.entry("events", 1),
            Map.entry("posix", 1),
            Map.entry("runtime", 1),
            Map.entry("catalog", 2),
            Map.entry("chunk", 2),
            Map.entry("formats", 2),
            Map.entry("origin", 2),
            Map.entry("search", 2),
            Map.entry("content", 3),
            Map.entry("library", 3),
            Map.entry("offline", 3),
            Map.entry("overlay", 3),
            Map.entry("tree", 3),
            Map.entry("vfs", 4),
            Map.entry("control", 5),
            Map.entry("fuse", 5),
            Map.entry("cluster", 6),
            Map.entry("doctor", 6),
            Map.entry("process", 6),
            Map.entry("app", 7),
            Map.entry("cli", 8));

    @ArchTest
    static void looksAtTheWholeProgram(JavaClasses program) {
        assertThat(program.size()).isGreaterThan(30);
        assertThat(program.contain("dev.musicfs.cli.Main")).isTrue();
    }

    @ArchTest
    static final ArchRule aRoomUsesOnlyLowerFloors = classes().should(useOnlyLowerFloors());

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.musicfs.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule backendsSeeTheirPortAndNotEachOther = slices().matching("dev.musicfs.origin.(*)..")
            .should()
            .notDependOnEachOther()
            // Copies are chosen by how their guarded origins are doing; a guard knows nothing of copies.
            .ignoreDependency(
                    JavaClass.Predicates.resideInAPackage("dev.musicfs.origin.replica.."),
                    JavaClass.Predicates.resideInAPackage("dev.musicfs.origin.guard.."))
            // The registry makes all of them, and is the only one that knows all.
            .ignoreDependency(JavaClass.Predicates.resideInAPackage("dev.musicfs.origin.registry.."), alwaysTrue())
            // What several of them are made with, and which itself sees none of them.
            .ignoreDependency(
                    alwaysTrue(),
                    JavaClass.Predicates.resideInAnyPackage("dev.musicfs.origin.wire..", "dev.musicfs.origin.disk.."))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule thePortKnowsNoBackend = noClasses()
            .that()
            .resideInAPackage("dev.musicfs.origin")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.musicfs.origin.*..");

    @ArchTest
    static final ArchRule contentIsCutThenFetchedThenRead = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("dev.musicfs.content..")
            .layer("plan")
            .definedBy("dev.musicfs.content.plan")
            .layer("fetch")
            .definedBy("dev.musicfs.content.fetch")
            .layer("file")
            .definedBy("dev.musicfs.content.file")
            .whereLayer("plan")
            .mayOnlyBeAccessedByLayers("fetch", "file")
            .whereLayer("fetch")
            .mayOnlyBeAccessedByLayers("file")
            .whereLayer("file")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule onlyFuseKnowsItsLibrary = onlyIn("fuse", "ru.serce..", "com.kenai..");

    @ArchTest
    static final ArchRule onlyPosixAndFuseKnowJnr = noClasses()
            .that()
            .resideOutsideOfPackages("dev.musicfs.posix..", "dev.musicfs.fuse..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..");

    @ArchTest
    static final ArchRule onlyCatalogKnowsSql = onlyIn(
            "catalog", "java.sql..", "javax.sql..", "org.sqlite..", "io.vertx.jdbcclient..", "io.vertx.sqlclient..");

    @ArchTest
    static final ArchRule tagsAreReadWithoutALibrary =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.jaudiotagger..");

    @ArchTest
    static final ArchRule onlyOriginS3KnowsAmazon = onlyIn("origin.s3", "software.amazon..");

    @ArchTest
    static final ArchRule onlyChunkIndexKnowsMapDb = onlyIn("chunk.index", "org.mapdb..");

    @ArchTest
    static final ArchRule theInsideOfTheStoreIsItsOwn = onlyIn(
            "chunk",
            "dev.musicfs.chunk.disk..",
            "dev.musicfs.chunk.index..",
            "dev.musicfs.chunk.ledger..",
            "dev.musicfs.chunk.maintain..");

    @ArchTest
    static final ArchRule onlyTheCacheCommandsRoomMakesTheStore = noClasses()
            .that()
            .resideOutsideOfPackages("dev.musicfs.chunk..", "dev.musicfs.control")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.musicfs.chunk.store..");

    @ArchTest
    static final ArchRule onlySftpKnowsTheSshLibrary = onlyIn("origin.sftp", "org.apache.sshd..", "net.i2p..");

    @ArchTest
    static final ArchRule onlyProcessKnowsDatagramSockets = onlyIn("process", "org.newsclub..");

    @ArchTest
    static final ArchRule onlyCliKnowsPicocli = onlyIn("cli", "picocli..");

    @ArchTest
    static final ArchRule onlyConfigKnowsToml = onlyIn("config", "org.tomlj..");

    @ArchTest
    static final ArchRule onlyRuntimeReadsAClockOrSleeps = noClasses()
            .that()
            .resideOutsideOfPackage("dev.musicfs.runtime..")
            .should()
            .accessTargetWhere(calls(System.class, "nanoTime")
                    .or(calls(System.class, "currentTimeMillis"))
                    .or(calls(Thread.class, "sleep"))
                    .or(now()));

    @ArchTest
    static final ArchRule onlyExecutorPoolsMakesPools = noClasses()
            .that()
            .resideOutsideOfPackage("dev.musicfs.runtime..")
            .should()
            .accessTargetWhere(calls(Vertx.class, "createSharedWorkerExecutor")
                    .or(target(owner(assignableTo(Executors.class))).forSubtype())
                    .or(target(owner(assignableTo(AbstractExecutorService.class)))
                            .and(target(name("<init>")))
                            .forSubtype()));

    @ArchTest
    static final ArchRule onlyAppDeploysVerticles = noClasses()
            .that()
            .resideOutsideOfPackage("dev.musicfs.app..")
            .should()
            .accessTargetWhere(
                    target(nameStartingWith("deployVerticle")).and(target(owner(assignableTo("io.vertx.core.Vertx")))));

    @ArchTest
    static final ArchRule modelDoesNoInputOutputAndKnowsNoVertx = noClasses()
            .that()
            .resideInAPackage("dev.musicfs.model..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.vertx..", "java.nio.file..", "java.net..")
                    // They read text.
                    .and(not(belongToAnyOf(URI.class, URISyntaxException.class, IDN.class))));

    private static ArchRule onlyIn(String room, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(BASE + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String method) {
        return target(name(method)).and(target(owner(assignableTo(owner)))).forSubtype();
    }

    // Instant.now(), LocalDate.now(), Clock.systemUTC() and their kin.
    private static DescribedPredicate<JavaAccess<?>> now() {
        return target(name("now").or(nameStartingWith("system")))
                .and(target(owner(JavaClass.Predicates.resideInAPackage(Instant.class.getPackageName()))))
                .forSubtype();
    }

    private static ArchCondition<JavaClass> useOnlyLowerFloors() {
        return new ArchCondition<>("use only rooms on lower floors") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                    JavaClass to = dependency.getTargetClass().getBaseComponentType();
                    if (to.getPackageName().startsWith(BASE) && !isAllowed(room(from), room(to))) {
                        events.add(SimpleConditionEvent.violated(
                                from, room(from) + " must not see " + room(to) + ": " + dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static boolean isAllowed(String from, String to) {
        return from.equals(to) || FLOORS.get(to) < FLOORS.get(from);
    }

    static String room(JavaClass type) {
        String rest = type.getPackageName().substring(BASE.length() - 1);
        String room = rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
        assertThat(FLOORS).as("the floor of " + type.getName()).containsKey(room);
        return room;
    }
}
