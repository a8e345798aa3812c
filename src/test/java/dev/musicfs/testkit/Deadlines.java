package dev.musicfs.testkit;

import dev.musicfs.runtime.Deadline;
import java.time.Duration;

/** Deadlines for tests that are not about them. */
public final class Deadlines {
    private Deadlines() {}

    /** Far enough away that only a defect meets it. */
    public static Deadline generous() {
        return Deadline.in(Duration.ofSeconds(30));
    }
}
