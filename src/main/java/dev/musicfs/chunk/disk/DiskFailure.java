package dev.musicfs.chunk.disk;

import dev.musicfs.failure.Errno;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a call to the disk failed.
 *
 * @param kind for the caller
 * @param concernsDisk whether it says something about the disk's health
 * @param reason in the words of the operating system
 */
record DiskFailure(FailureKind kind, boolean concernsDisk, String reason) {
    private static final Set<Errno> IN_THE_WAY = EnumSet.of(Errno.EISDIR, Errno.ENOTEMPTY, Errno.ENOTDIR);

    /** A read: {@code NOT_FOUND}, {@code REJECTED} or {@code UNAVAILABLE}. */
    static DiskFailure ofRead(IOException e) {
        if (isNoFile(e)) {
            return new DiskFailure(FailureKind.NOT_FOUND, false, "is not there");
        }
        FailureKind kind =
                MusicFsException.kindOf(e) == FailureKind.REJECTED ? FailureKind.REJECTED : FailureKind.UNAVAILABLE;
        return new DiskFailure(kind, !isOurs(e), reason(e));
    }

    /** A write: {@code NO_SPACE}, {@code READ_ONLY}, {@code REJECTED} or {@code UNAVAILABLE}. */
    static DiskFailure ofWrite(IOException e) {
        FailureKind kind =
                switch (MusicFsException.kindOf(e)) {
                    case NO_SPACE -> FailureKind.NO_SPACE;
                    case READ_ONLY -> FailureKind.READ_ONLY;
                    case REJECTED -> FailureKind.REJECTED;
                    case NOT_FOUND, STALE, UNAVAILABLE, TIMEOUT, CORRUPT, INVALID, INTERNAL -> FailureKind.UNAVAILABLE;
                };
        if (isInTheWay(e)) {
            return new DiskFailure(FailureKind.REJECTED, false, "something else has its name");
        }
        return new DiskFailure(kind, kind != FailureKind.NO_SPACE && !isOurs(e), reason(e));
    }

    /** For the caller; {@code what} goes after "Cannot". */
    MusicFsException toException(String what, IOException cause) {
        return new MusicFsException(kind, "Cannot " + what + ": " + reason, cause);
    }

    // Also where something else is in the place of the file or of a directory above it.
    private static boolean isNoFile(IOException e) {
        return MusicFsException.kindOf(e) == FailureKind.NOT_FOUND || isNoDirectory(e) || Errno.ELOOP.isOf(e);
    }

    /** The process, or the whole machine, has no file descriptor left. */
    static boolean isOutOfDescriptors(IOException e) {
        return Errno.EMFILE.isOf(e) || Errno.ENFILE.isOf(e);
    }

    /** A rename onto a directory, or below a file: one chunk or shard is concerned, not the disk. */
    static boolean isInTheWay(IOException e) {
        return e instanceof FileSystemException fse
                && fse.getOtherFile() != null
                && Errno.of(e).filter(IN_THE_WAY::contains).isPresent();
    }

    /** Something else is where a directory on the way should be. */
    static boolean isNoDirectory(IOException e) {
        return Errno.ENOTDIR.isOf(e);
    }

    private static boolean isOurs(IOException e) {
        return e instanceof ClosedByInterruptException || isOutOfDescriptors(e);
    }

    private static String reason(IOException e) {
        String reason = e instanceof FileSystemException fse ? fse.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
