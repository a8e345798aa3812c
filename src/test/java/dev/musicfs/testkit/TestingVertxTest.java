package dev.musicfs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.musicfs.runtime.Deadline;
import dev.musicfs.runtime.Polling;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TestingVertxTest {
    /** Also proves that JUnit finds the extension by itself: there would be no parameter. */
    @Test
    void anEventLoopThatWaitsIsFoundWithTheStackItWaitsIn(Vertx vertx) {
        CountDownLatch never = new CountDownLatch(1);
        vertx.runOnContext(turn -> waitHere(never));
        List<AssertionError> found = new ArrayList<>();
        try {
            assertThat(Polling.until(
                            () -> {
                                found.addAll(TestingVertx.takeFound());
                                return !found.isEmpty();
                            },
                            Duration.ofSeconds(1),
                            Deadline.in(Duration.ofSeconds(60))))
                    .isTrue();
        } finally {
            never.countDown();
        }
        assertThat(found.get(0)).hasMessageContaining("eventloop");
        assertThat(found.get(0).getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("waitHere"));
    }

    private static void waitHere(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void testsStartVertxInThisWayOnly() {
        JavaClasses tests = new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("dev.musicfs");
        assertThat(tests.size()).isGreaterThan(100);
        ArchRuleDefinition.noClasses()
                .that()
                .doNotBelongToAnyOf(TestingVertx.class)
                .should()
                .callMethodWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "that starts Vert.x",
                                target -> target.getOwner().isEquivalentTo(Vertx.class)
                                        && target.getName().equals("vertx"))))
                .check(tests);
    }
}
