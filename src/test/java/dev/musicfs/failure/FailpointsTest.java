package dev.musicfs.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailpointsTest {
    private static final Failpoint POINT = Failpoint.CAS_RENAME;

    @AfterEach
    void disarm() {
        Failpoints.disarmAll();
    }

    @Test
    void disarmedPointsDoNothing() {
        assertThatCode(() -> Failpoints.hit(POINT)).doesNotThrowAnyException();
    }

    @Test
    void returnFailsWithTheKindAndOnlyAtItsOwnPoint() {
        Failpoints.arm("cas-rename=return(NO_SPACE); db-open-corrupt = return");
        assertThatThrownBy(() -> Failpoints.hit(POINT))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NO_SPACE));
        assertThatThrownBy(() -> Failpoints.hit(Failpoint.DB_OPEN_CORRUPT))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNAVAILABLE));
        assertThatCode(() -> Failpoints.hit(Failpoint.INDEX_COMMIT)).doesNotThrowAnyException();
    }

    @Test
    void onlyAnArmedPointIsSaidToBe() {
        assertThat(Failpoints.isArmed(POINT)).isFalse();
        try (Failpoints.Scope scope = Failpoints.arm(POINT, "off")) {
            assertThat(Failpoints.isArmed(POINT)).isTrue();
            assertThat(Failpoints.isArmed(Failpoint.INDEX_COMMIT)).isFalse();
            assertThat(scope.passes()).isZero();
        }
        assertThat(Failpoints.isArmed(POINT)).isFalse();
    }

    @Test
    void aUsedUpActionGivesWayToTheNextInTheChain() {
        try (Failpoints.Scope scope = Failpoints.arm(POINT, "2*off->1*return(CORRUPT)->off")) {
            Failpoints.hit(POINT);
            Failpoints.hit(POINT);
            assertThatThrownBy(() -> Failpoints.hit(POINT)).isInstanceOf(MusicFsException.class);
            Failpoints.hit(POINT);
            assertThat(scope.passes()).isEqualTo(4);
        }
    }

    @Test
    void aProbabilityIsAskedEachTime() {
        Iterator<Double> chances = List.of(0.25, 0.24, 0.99).iterator();
        try (Failpoints.Scope scope = Failpoints.arm(POINT, "25%return->1*panic(late)", chances::next)) {
            assertThatThrownBy(() -> Failpoints.hit(POINT)).isInstanceOf(FailpointPanic.class);
            assertThatThrownBy(() -> Failpoints.hit(POINT)).isInstanceOf(MusicFsException.class);
            assertThatCode(() -> Failpoints.hit(POINT)).doesNotThrowAnyException();
            assertThat(scope.passes()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "sleep(999999999)"})
    void aThreadHeldAtAPointGoesOnWhenThePointIsDisarmed(String action) throws Exception {
        Failpoints.arm(POINT, action);
        Thread held = heldAtThePoint();
        Failpoints.disarmAll();
        held.join(30_000);
        assertThat(held.isAlive()).isFalse();
    }

    @Test
    void aThreadHeldAtAPointGoesOnWhenThePointIsArmedAgain() throws Exception {
        try (Failpoints.Scope first = Failpoints.arm(POINT, "pause")) {
            Thread held = heldAtThePoint();
            assertThat(first.paused()).isEqualTo(1);
            Failpoints.arm(POINT, "off");
            held.join(30_000);
            assertThat(held.isAlive()).isFalse();
            assertThat(first.paused()).isZero();
        }
    }

    private static Thread heldAtThePoint() {
        Thread thread = new Thread(() -> Failpoints.hit(POINT));
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(thread.getState()).isNotEqualTo(Thread.State.TERMINATED);
            Thread.onSpinWait();
        }
        return thread;
    }

    @Test
    void sleepDelayPrintAndYieldLetTheThreadGoOn() {
        try (Failpoints.Scope scope = Failpoints.arm(POINT, "1*sleep(1)->1*delay(1)->1*print(here)->yield")) {
            for (int i = 0; i < 4; i++) {
                Failpoints.hit(POINT);
            }
            assertThat(scope.passes()).isEqualTo(4);
        }
    }

    @Test
    void aRefusalSaysWhereInTheChainTheMistakeIs() {
        assertThatThrownBy(() -> Failpoints.arm(POINT, "1*off->return->nonsense"))
                .hasMessageContaining("at character 16, there is no action nonsense");
        assertThatThrownBy(() -> Failpoints.arm(POINT, "exit")).hasMessageContaining("at character 1, exit takes");
    }

    @Test
    void theGreatestExitCodeIsTaken() {
        try (Failpoints.Scope scope = Failpoints.arm(POINT, "0%exit(255)")) {
            Failpoints.hit(POINT);
            assertThat(scope.passes()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cas-rename",
                "cas-rename=",
                "cas-rename=nonsense",
                "cas-rename=return(WHATEVER)",
                "cas-rename=sleep",
                "cas-rename=sleep(soon)",
                "cas-rename=exit(256)",
                "cas-rename=101%off",
                "cas-rename=off(now)",
                "cas-rename=off->",
                "no-such-point=off"
            })
    void badFormsAreRefusedAndArmNothing(String bad) {
        assertThatThrownBy(() -> Failpoints.arm("db-open-corrupt=return;" + bad))
                .isInstanceOfSatisfying(MusicFsException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureKind.INVALID);
                    assertThat(e.getMessage()).contains(bad.split("=", -1)[0]).endsWith(".");
                });
        assertThatCode(() -> Failpoints.hit(Failpoint.DB_OPEN_CORRUPT)).doesNotThrowAnyException();
    }
}
