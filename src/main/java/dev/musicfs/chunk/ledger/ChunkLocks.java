package dev.musicfs.chunk.ledger;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.ChunkId;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Locks for changes to a chunk: one of a fixed number for each address. */
final class ChunkLocks {
    private static final int COUNT = 256;
    // Longer than a hung index is waited for; a disk that hangs for so long is given up as ill.
    private static final int BOUND_SECONDS = 15;

    private final ReentrantLock[] locks =
            IntStream.range(0, COUNT).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    /** Takes the lock of a chunk; fails with {@code UNAVAILABLE} while another change of it does not end. */
    ReentrantLock lock(ChunkId chunk) {
        // Not the first byte, by which files are walked: a walk must not stay on one lock.
        ReentrantLock lock = locks[(int) (chunk.word1() >>> 56)];
        if (!tryLock(lock)) {
            throw new MusicFsException(FailureKind.UNAVAILABLE, "A change of the cache does not end");
        }
        return lock;
    }

    /** Waits until every change that is under way at this moment has ended; false when one does not. */
    boolean passAll() {
        for (ReentrantLock lock : locks) {
            if (!tryLock(lock)) {
                return false;
            }
            lock.unlock();
        }
        return true;
    }

    private static boolean tryLock(ReentrantLock lock) {
        try {
            return lock.tryLock(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
