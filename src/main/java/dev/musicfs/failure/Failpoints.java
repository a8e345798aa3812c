package dev.musicfs.failure;

/** Named points in the program at which tests make something go wrong. */
public final class Failpoints {
    private Failpoints() {}

    /** Passes a point; does nothing unless it is armed. */
    public static void hit(String name) {}
}
