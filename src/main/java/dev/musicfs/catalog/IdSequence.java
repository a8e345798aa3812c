package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers that are never given out twice, not even after {@code kill -9}: a block of them is reserved on disk before
 * its first is given out, and what a killed process left of its block is skipped. A clean end gives the rest back.
 *
 * <p>Every change of the stored mark names the value it replaces, so that a second process on the same file can make a
 * reservation fail but never make two blocks overlap. Safe for any thread.
 */
final class IdSequence {
    /** More than one list of mutations needs, few enough that a thousand kills fit into 32 bits. */
    static final long BLOCK = 1L << 22;

    /** Parameters: the new mark, the sequence's name, the mark it replaces. */
    static final String MOVE_MARK = "UPDATE sequence SET next = ? WHERE name = ? AND next = ?";

    private final String name;
    private final AtomicLong next;
    private final AtomicLong end;

    private IdSequence(String name, long first, long end) {
        this.name = name;
        this.next = new AtomicLong(first);
        this.end = new AtomicLong(end);
    }

    /** Reserves a block. */
    static IdSequence reserveBlocking(Connection connection, String name) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE sequence SET next = next + ? WHERE name = ? RETURNING next")) {
            update.setLong(1, BLOCK);
            update.setString(2, name);
            try (ResultSet row = update.executeQuery()) {
                if (!row.next()) {
                    throw new MusicFsException(
                            FailureKind.CORRUPT, "the catalog has lost its mark of " + name + " numbers");
                }
                long end = row.getLong(1);
                return new IdSequence(name, end - BLOCK, end);
            }
        }
    }

    /** The next number. Fails with {@code INTERNAL} when a whole block was asked for without an {@code apply}. */
    long next() {
        long id = next.getAndIncrement();
        if (id >= end.get()) {
            throw new MusicFsException(
                    FailureKind.INTERNAL,
                    "more than " + BLOCK / 2 + " " + name + " numbers were asked for without applying a change");
        }
        return id;
    }

    String name() {
        return name;
    }

    /** The first number that is not reserved. */
    long end() {
        return end.get();
    }

    /** Whether less than half a block is left. */
    boolean isRunningLow() {
        return end.get() - next.get() < BLOCK / 2;
    }

    /** Says that the stored mark was moved by a block. */
    void blockWasAdded() {
        end.addAndGet(BLOCK);
    }

    /** Ends the sequence and gives back what it has not given out. */
    void giveBackBlocking(Connection connection) throws SQLException {
        long oldEnd = end.getAndSet(0);
        long unused = Math.min(next.get(), oldEnd);
        try (PreparedStatement update = connection.prepareStatement(MOVE_MARK)) {
            update.setLong(1, unused);
            update.setString(2, name);
            update.setLong(3, oldEnd);
            update.executeUpdate();
        }
    }
}
