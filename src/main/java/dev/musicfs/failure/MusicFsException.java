package dev.musicfs.failure;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The one exception of MusicFS: a {@link FailureKind} and one sentence that names the thing and, if there is one, the remedy. */
public final class MusicFsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    /** A failure without an underlying cause. */
    public MusicFsException(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A failure with what led to it. */
    public MusicFsException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What kind of failure this is. */
    public FailureKind kind() {
        return kind;
    }

    /** The kind of any throwable: its own for ours, the nearest for I/O errors of the platform, else {@code INTERNAL}. */
    public static FailureKind kindOf(Throwable failure) {
        if (failure instanceof MusicFsException ours) {
            return ours.kind;
        }
        if (failure instanceof TimeoutException) {
            return FailureKind.TIMEOUT;
        }
        if (failure instanceof ReadOnlyFileSystemException) {
            return FailureKind.READ_ONLY;
        }
        if (failure instanceof NotDirectoryException) {
            return FailureKind.NOT_FOUND;
        }
        if (failure instanceof IOException) {
            return Errno.of(failure)
                    .map(Errno::kind)
                    .orElse(failure instanceof FileNotFoundException ? FailureKind.NOT_FOUND : FailureKind.UNAVAILABLE);
        }
        return FailureKind.INTERNAL;
    }

    /** Wraps any throwable, keeping its kind; one of ours comes back as it is. */
    public static MusicFsException wrap(String message, Throwable failure) {
        return failure instanceof MusicFsException ours
                ? ours
                : new MusicFsException(kindOf(failure), message + ": " + reasonOf(failure), failure);
    }

    private static String reasonOf(Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
