package dev.musicfs.library;

import dev.musicfs.model.OriginId;
import java.util.OptionalLong;

/** Hears how a reconciliation goes; called on an event loop, so it must not block. */
@FunctionalInterface
public interface ScanProgress {
    /** After every directory and once at the end. */
    void report(Progress progress);

    /**
     * A reconciliation so far.
     *
     * @param filesSeen music and cover files listed
     * @param added those that the catalog did not know
     * @param failed what could not be looked at: files, directories and entries
     * @param total how many files the last complete reconciliation of this process saw; empty before the first
     * @param done whether it is over, well or not
     */
    record Progress(OriginId origin, long filesSeen, long added, long failed, OptionalLong total, boolean done) {}
}
