package dev.musicfs.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailpointsTest {
    private static final String POINT = "cas-rename";
    private static final Pattern HIT = Pattern.compile("Failpoints\\.hit\\(\"([^\"]*)\"\\)");

    @AfterEach
    void disarms() {
        Failpoints.disarmAll();
    }

    @Test
    void doesNothingUnlessArmed() {
        assertThatCode(() -> Failpoints.hit(POINT)).doesNotThrowAnyException();

        try (var other = Failpoints.arm("index-commit", "return")) {
            assertThatCode(() -> Failpoints.hit(POINT)).doesNotThrowAnyException();
            assertThat(Failpoints.hits(POINT)).isZero();
            assertThat(other.hits()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"return,UNAVAILABLE", "return(),UNAVAILABLE", "return(NO_SPACE),NO_SPACE", "' 100%return ',UNAVAILABLE"
    })
    void returnFailsWithTheKindItIsGiven(String actions, FailureKind kind) {
        Failpoints.arm(POINT, actions);

        assertThatThrownBy(() -> Failpoints.hit(POINT))
                .hasMessage("failpoint cas-rename")
                .extracting(MusicFsException::kindOf)
                .isEqualTo(kind);
    }

    @Test
    void panicThrowsWhatNobodyExpects() {
        Failpoints.arm(POINT, "1*panic(100% broken (really))->panic");

        assertThatThrownBy(() -> Failpoints.hit(POINT))
                .isInstanceOf(FailpointPanic.class)
                .hasMessage("100% broken (really)");
        assertThatThrownBy(() -> Failpoints.hit(POINT)).hasMessage("failpoint cas-rename");
    }

    @Test
    void usesUpEachActionBeforeTheNext() {
        Failpoints.arm(POINT, "2*return(STALE)->1*off->0*panic->1*return(CORRUPT)");

        assertThat(outcomes(5)).containsExactly("STALE", "STALE", "-", "CORRUPT", "-");
        assertThat(Failpoints.hits(POINT)).isEqualTo(5);
    }

    @Test
    void throwsTheDiceAtEachPassAndGoesOnToTheNextActionWhenTheyFall() {
        Failpoints.seed(7);
        Failpoints.arm(POINT, "25%return(STALE)->return(CORRUPT)");
        List<String> first = outcomes(1000);

        assertThat(first).containsOnly("STALE", "CORRUPT");
        assertThat(first.stream().filter("STALE"::equals).count()).isBetween(200L, 300L);

        Failpoints.seed(7);
        assertThat(outcomes(1000)).isEqualTo(first);
    }

    @Test
    void aChanceThatDoesNotComeTrueUsesNothingUp() {
        Failpoints.seed(7);
        Failpoints.arm(POINT, "25%10*return(STALE)->off");

        assertThat(outcomes(1000).stream().filter("STALE"::equals)).hasSize(10);
    }

    @Test
    void neverAndAlwaysAreExact() {
        Failpoints.arm(POINT, "0%return(STALE)->100.0%return(CORRUPT)");

        assertThat(outcomes(1000)).containsOnly("CORRUPT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "yield", "print(still alive)", "print", "sleep(1)", "delay(1)", "sleep(0)"})
    void goesOnAfterwards(String actions) {
        Failpoints.arm(POINT, actions);

        assertThat(outcomes(1)).containsExactly("-");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "sleep(999999999)"})
    void waitsUntilItIsArmedAnewOrDisarmed(String actions) throws InterruptedException {
        for (Runnable release : List.<Runnable>of(
                () -> Failpoints.disarm(POINT), Failpoints::disarmAll, () -> Failpoints.arm(POINT, "return"))) {
            Failpoints.arm(POINT, actions);
            CountDownLatch over = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                Failpoints.hit(POINT);
                over.countDown();
            });
            thread.start();
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }

            release.run();

            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anInterruptEndsAPause() throws InterruptedException {
        Failpoints.arm(POINT, "pause");
        Thread thread = new Thread(() -> Failpoints.hit(POINT));
        thread.start();

        thread.interrupt();

        thread.join(30_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void exitEndsTheProcessWithoutRunningItsHooks(@org.junit.jupiter.api.io.TempDir Path directory)
            throws IOException, InterruptedException {
        Path trace = directory.resolve("hook");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Exiting.class.getName(),
                        trace.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(child.waitFor()).as(said).isEqualTo(7);
        assertThat(trace).doesNotExist();
    }

    static final class Exiting {
        private Exiting() {}

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Files.createFile(Path.of(args[0]));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
            Failpoints.arm(POINT, "1*off->exit(7)");
            Failpoints.hit(POINT);
            Failpoints.hit(POINT);
        }
    }

    @Test
    void armsSeveralAtOnceAndAScopeDisarmsItsOwn() {
        try (var scope = Failpoints.arm(" cas-rename = return(STALE) ; ;index-commit=off; ")) {
            assertThat(outcomes(1)).containsExactly("STALE");
            Failpoints.hit("index-commit");
            assertThat(Failpoints.hits("index-commit")).isOne();
            assertThat(scope.hits()).isEqualTo(2);

            Failpoints.arm("index-commit", "return(CORRUPT)");
        }
        assertThat(outcomes(1)).containsExactly("-");
        assertThatThrownBy(() -> Failpoints.hit("index-commit")).hasMessage("failpoint index-commit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "cas-rename=retrun ! cas-rename: at character 1 of \"retrun\"",
                "cas-rename=1*off->retrun(x) ! cas-rename: at character 8 of \"1*off->retrun(x)\"",
                "cas-rename=return(FOO) ! cas-rename: at character 8 of \"return(FOO)\"",
                "cas-rename=101%off ! cas-rename: at character 1 of \"101%off\"",
                "cas-rename=a%off ! cas-rename: at character 1 of \"a%off\"",
                "cas-rename=5%x*off ! cas-rename: at character 3 of \"5%x*off\"",
                "cas-rename=5%-1*off ! cas-rename: at character 3 of \"5%-1*off\"",
                "cas-rename=sleep ! cas-rename: at character 6 of \"sleep\"",
                "cas-rename=sleep(a) ! cas-rename: at character 7 of \"sleep(a)\"",
                "cas-rename=print(a ! cas-rename: at character 6 of \"print(a\"",
                "cas-rename=off-> ! cas-rename: at character 6 of \"off->\"",
                "cas-rename= ! cas-rename: at character 1 of \"\"",
                "cas-rename ! \"cas-rename\" has no \"=\" at character 11",
                "bogus=off ! \"bogus\" at character 1 of \"bogus=off\" does not exist"
            })
    void refusesABadSpecWithASentenceAndArmsNothing(String points, String sentence) {
        assertThatThrownBy(() -> Failpoints.arm("index-commit=return;" + points))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID))
                .hasMessageStartingWith("failpoint " + sentence);
        assertThatCode(() -> Failpoints.hit("index-commit")).doesNotThrowAnyException();
    }

    @Test
    void everyPointInTheProgramHasAKnownName() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                HIT.matcher(Files.readString(file)).results().forEach(hit -> assertThat(Failpoints.names())
                        .as(file.toString())
                        .contains(hit.group(1)));
            }
        }
    }

    private static List<String> outcomes(int passes) {
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < passes; i++) {
            try {
                Failpoints.hit(POINT);
                outcomes.add("-");
            } catch (MusicFsException e) {
                outcomes.add(e.kind().name());
            }
        }
        return outcomes;
    }
}
