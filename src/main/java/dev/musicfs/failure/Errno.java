package dev.musicfs.failure;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The error numbers of Linux that MusicFS tells apart (errno(3)), and the only place where an {@link IOException} of the
 * JDK becomes one.
 *
 * <p>The JDK drops the number and keeps what strerror(3) says of it in the language of the process, so {@link
 * #of(Throwable)} looks that text up; see {@link ErrnoTexts}. Nobody else compares such texts.
 */
public enum Errno {
    EPERM(1, "Operation not permitted"),
    ENOENT(2, "No such file or directory"),
    EINTR(4, "Interrupted system call"),
    EIO(5, "Input/output error"),
    ENXIO(6, "No such device or address"),
    EBADF(9, "Bad file descriptor"),
    EAGAIN(11, "Resource temporarily unavailable"),
    ENOMEM(12, "Cannot allocate memory"),
    EACCES(13, "Permission denied"),
    EBUSY(16, "Device or resource busy"),
    EEXIST(17, "File exists"),
    ENODEV(19, "No such device"),
    ENOTDIR(20, "Not a directory"),
    EISDIR(21, "Is a directory"),
    EINVAL(22, "Invalid argument"),
    ENFILE(23, "Too many open files in system"),
    EMFILE(24, "Too many open files"),
    ENOSPC(28, "No space left on device"),
    EROFS(30, "Read-only file system"),
    EPIPE(32, "Broken pipe"),
    ERANGE(34, "Numerical result out of range"),
    ENOSYS(38, "Function not implemented"),
    ENOTEMPTY(39, "Directory not empty"),
    ELOOP(40, "Too many levels of symbolic links"),
    ENODATA(61, "No data available"),
    EOPNOTSUPP(95, "Operation not supported"),
    ECONNABORTED(103, "Software caused connection abort"),
    ECONNRESET(104, "Connection reset by peer"),
    ENOTCONN(107, "Transport endpoint is not connected"),
    ETIMEDOUT(110, "Connection timed out"),
    ECONNREFUSED(111, "Connection refused"),
    EHOSTDOWN(112, "Host is down"),
    ESTALE(116, "Stale file handle"),
    EDQUOT(122, "Disk quota exceeded");

    /** What the JDK adds to the text of ELOOP. */
    private static final String OF_LINKS = " or unable to access attributes of symbolic link";

    private static volatile @Nullable IntFunction<String> strerror;
    private static volatile @Nullable ErrnoTexts texts; // made when it is first needed

    private final int number;
    private final String untranslated;

    Errno(int number, String untranslated) {
        this.number = number;
        this.untranslated = untranslated;
    }

    /** The number, positive. */
    public int number() {
        return number;
    }

    /** The number as the kernel's interfaces answer it, negated. */
    public int negated() {
        return -number;
    }

    /** What strerror(3) says in the C locale. */
    String untranslated() {
        return untranslated;
    }

    /** Whether {@link #of(Throwable)} is this one. */
    public boolean isOf(@Nullable Throwable failure) {
        return of(failure).filter(each -> each == this).isPresent();
    }

    /**
     * The number behind an exception of the JDK; empty when it comes of none, or of one not listed here. The causes of the
     * exception are not looked at. For any thread. The first call with a text unknown in the C locale may load the C
     * library.
     */
    public static Optional<Errno> of(@Nullable Throwable failure) {
        if (failure instanceof NoSuchFileException) {
            return Optional.of(ENOENT);
        }
        if (failure instanceof AccessDeniedException) {
            return Optional.of(EACCES);
        }
        if (failure instanceof NotDirectoryException) {
            return Optional.of(ENOTDIR);
        }
        if (failure instanceof FileAlreadyExistsException) {
            return Optional.of(EEXIST);
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return Optional.of(ENOTEMPTY);
        }
        String text = failure instanceof IOException io ? text(io) : null;
        Integer number = text == null ? null : texts().find(text);
        return number == null ? Optional.empty() : numbered(number);
    }

    /**
     * Says where to ask what a number is called in the language of this process, as by strerror(3). Nothing is asked before a
     * text is met that the C locale does not have. Until this was called only those of the C locale are known.
     */
    public static void translatedBy(IntFunction<String> strerror) {
        Errno.strerror = strerror;
        texts = null;
    }

    /** What kind of failure it is. */
    public FailureKind kind() {
        return switch (this) {
            case ENOENT -> FailureKind.NOT_FOUND;
            case EPERM, EACCES -> FailureKind.REJECTED;
            case EROFS -> FailureKind.READ_ONLY;
            case ENOSPC, EDQUOT -> FailureKind.NO_SPACE;
            case ESTALE -> FailureKind.STALE;
            case EINTR,
                    EIO,
                    ENXIO,
                    // Something stands where a directory was, as when a disk is not mounted: unknown is not absent.
                    ENOTDIR,
                    EBADF,
                    EAGAIN,
                    ENOMEM,
                    EBUSY,
                    EEXIST,
                    ENODEV,
                    EISDIR,
                    EINVAL,
                    ENFILE,
                    EMFILE,
                    EPIPE,
                    ERANGE,
                    ENOSYS,
                    ENOTEMPTY,
                    ELOOP,
                    ENODATA,
                    EOPNOTSUPP,
                    ECONNABORTED,
                    ECONNRESET,
                    ENOTCONN,
                    ETIMEDOUT,
                    ECONNREFUSED,
                    EHOSTDOWN -> FailureKind.UNAVAILABLE;
        };
    }

    private static Optional<Errno> numbered(int number) {
        return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
    }

    private static ErrnoTexts texts() {
        ErrnoTexts made = texts;
        if (made == null) {
            Map<String, Integer> untranslated = new HashMap<>();
            for (Errno each : values()) {
                untranslated.put(each.untranslated, each.number);
            }
            IntFunction<String> source = strerror;
            made = new ErrnoTexts(Map.copyOf(untranslated), source == null ? number -> "" : source);
            texts = made;
        }
        return made;
    }

    private static @Nullable String text(IOException failure) {
        String text = failure instanceof FileSystemException fse ? fse.getReason() : failure.getMessage();
        if (text == null) {
            return null;
        }
        if (failure instanceof FileNotFoundException && text.endsWith(")")) {
            return text.substring(text.lastIndexOf('(') + 1, text.length() - 1); // "FILE (TEXT)"
        }
        return text.endsWith(OF_LINKS) ? text.substring(0, text.length() - OF_LINKS.length()) : text;
    }
}
